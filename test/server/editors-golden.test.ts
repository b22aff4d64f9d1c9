/** How well the base answers, as editors ask for it over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Confusion, GoldenMissed, GoldenRunRow, HitRow, PairView } from '../../contract/golden.ts'
import { halfOf } from '../../knowledge/golden.ts'
import type { EntryRow } from '../../contract/http.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'
import { aVisitor } from '../support/socket-clients.ts'
import { aWording } from '../support/wording.ts'

let hotline: TestHotline
let editor: HttpClient
let reviewer: HttpClient

beforeAll(async () => {
  hotline = await aHotline()
  editor = await signedIn(hotline.url, await hotline.aMember('editor'))
  reviewer = await signedIn(hotline.url, await hotline.aMember('reviewer'))
})
afterAll(() => hotline.close())

async function published(id: string, wording: ReturnType<typeof aWording>): Promise<void> {
  const made = await editor.post('/api/entries', { id, wording })
  const revision = (made.body.revision as { id: string }).id
  await editor.post(`/api/revisions/${revision}/submit`)
  await reviewer.post(`/api/revisions/${revision}/approve`)
  expect((await reviewer.post(`/api/revisions/${revision}/publish`, { override: '试验' })).status).toBe(200)
}

describe('a run of the golden questions', () => {
  it('is kept with what was not answered rightly, and its figures add up', async () => {
    expect((await editor.post('/api/golden-runs')).status).toBe(200)
    expect((await reviewer.post('/api/golden-runs')).body.code).toBe('conflict')
    type Runs = { runs: GoldenRunRow[]; total: number; isRunning: boolean }
    const look = async () => (await editor.get('/api/golden-runs')).body as Runs
    await expect.poll(async () => (await look()).isRunning, { timeout: 110_000, interval: 500 }).toBe(false)
    const { runs, total } = await look()
    expect(total).toBe(1)
    const [run] = runs
    expect(run).toMatchObject({ cause: 'asked', by: expect.stringContaining('editor') as string })
    const { right = 0, offered = 0, withheld = 0, wrong = 0 } = run?.fates ?? {}
    expect(run?.total).toBe(right + offered + withheld + wrong)
    expect(right).toBeGreaterThan(100)

    const one = `/api/golden-runs/${run?.id}`
    const all = (await editor.get(`${one}?limit=5`)).body as { missed: GoldenMissed[]; total: number }
    const keptBack = run?.keptBack ?? expect.unreachable('not counted apart')
    expect(keptBack.right).toBeGreaterThan(100)
    expect(all.total).toBe(offered + withheld + wrong - keptBack.offered - keptBack.withheld - keptBack.wrong)
    const bad = (await editor.get(`${one}?fate=wrong&limit=200`)).body as { missed: GoldenMissed[]; total: number }
    expect(bad.total).toBe(wrong - keptBack.wrong)
    expect(new Set(bad.missed.map(({ fate }) => fate)).size).toBeLessThanOrEqual(1)

    // What is only measured is counted above, and no text of it is kept anywhere.
    const { rows } = await hotline.database.pool.query<{ missed: GoldenMissed[] }>('select missed from golden_run')
    const kept = rows.flatMap(({ missed }) => missed)
    expect(kept).toHaveLength(all.total)
    expect(kept.filter(({ id, expected }) => halfOf({ id, entry: expected }) === 'test')).toEqual([])
  }, 120_000)
})

describe('pairs in each other’s way', () => {
  it('are listed until somebody lets them stand', async () => {
    await published('wheelchair', aWording({ question: '轮椅租金是多少', similar: [], answer: '每天10元。' }))
    await published('wheelchair-two', aWording({ question: '租轮椅的租金是多少', similar: [], answer: '每天20元。' }))
    const listed = async () =>
      ((await editor.get('/api/entry-pairs?kind=contradiction&limit=200')).body as { pairs: PairView[] }).pairs.filter(
        ({ a }) => a.entryId.startsWith('wheelchair'),
      )
    expect(await listed()).toMatchObject([
      { a: { entryId: 'wheelchair' }, b: { entryId: 'wheelchair-two' }, numbers: { a: ['10元'], b: ['20元'] } },
    ])
    const settled = { kind: 'contradiction', a: 'wheelchair', b: 'wheelchair-two', reason: '两种轮椅' }
    expect((await editor.post('/api/entry-pairs/settled', settled)).status).toBe(200)
    expect(await listed()).toEqual([])
    expect(await editor.post('/api/entry-pairs/settled', { ...settled, b: 'no-such' })).toMatchObject({
      status: 400,
      body: { fields: [{ path: 'b' }] },
    })
  }, 120_000)
})

describe('the report', () => {
  it('counts what was told, lists what never was, and what was not answered day by day', async () => {
    const citizen = await aVisitor(hotline.url)
    await citizen.say('轮椅租金是多少')
    await citizen.hears('每天10元')
    await citizen.say('火星上的苹果甜不甜')
    await citizen.hears(/没有经过审核/)
    citizen.close()
    const hits = ((await editor.get('/api/entry-hits?limit=1')).body as { hits: HitRow[] }).hits
    expect(hits).toMatchObject([{ entryId: 'wheelchair', hits: 1 }])
    const never = (await editor.get('/api/entry-hits?never=1&q=wheelchair')).body as { hits: HitRow[]; total: number }
    expect(never.hits.map(({ entryId }) => entryId)).toEqual(['wheelchair-two'])
    expect((await editor.get('/api/coverage')).body).toMatchObject({ days: [{ asked: 2, answered: 1, unknown: 1 }] })
  })

  it('lists texts that run out and are followed by none', async () => {
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
    await published('runs-out', aWording({ question: '拐杖押金退不退', similar: [], validUntil: day(7) }))
    const { body } = await editor.get('/api/entries-ending')
    const ours = (body as { ending: { entryId: string; daysLeft: number }[] }).ending.filter(
      ({ entryId }) => entryId === 'runs-out',
    )
    expect(ours).toHaveLength(1)
    expect(Math.abs((ours[0]?.daysLeft ?? 0) - 7)).toBeLessThanOrEqual(1)

    const within = async (days: string) =>
      ((await editor.get(`/api/entries?ending=${days}&limit=200`)).body as { entries: EntryRow[] }).entries
    expect((await within('1')).map(({ id }) => id)).not.toContain('runs-out')
    for (const days of ['7', '30'])
      expect((await within(days)).find(({ id }) => id === 'runs-out')?.endsInDays).toBe(ours[0]?.daysLeft)
    await published('runs-on', aWording({ question: '拐杖能借多久', similar: [], validUntil: day(5) }))
    const next = aWording({ question: '拐杖能借多久', similar: [], validFrom: day(6) })
    const made = await editor.post('/api/entries/runs-on/revisions', { wording: next })
    const { id } = made.body.revision as { id: string }
    expect((await within('30')).find((row) => row.id === 'runs-on')?.endsInDays).toBeGreaterThan(0)
    await editor.post(`/api/revisions/${id}/submit`)
    await reviewer.post(`/api/revisions/${id}/approve`)
    expect((await reviewer.post(`/api/revisions/${id}/publish`, { override: '试验' })).status).toBe(200)
    expect((await within('30')).map((row) => row.id)).not.toContain('runs-on')
  }, 60_000)
})

it('tells which entries a question that is being written would be taken for', async () => {
  const asked = async (body: object) =>
    ((await editor.post('/api/confusions', body)).body as { confusions: Confusion[] }).confusions
  const all = await asked({ text: '轮椅租金是多少' })
  expect(all[0]).toMatchObject({ entryId: 'wheelchair', score: 1 })
  expect(all.length).toBeLessThanOrEqual(3)
  const others = await asked({ text: '轮椅租金是多少', entryId: 'wheelchair' })
  expect(others.map(({ entryId }) => entryId)).not.toContain('wheelchair')
  expect(others[0]?.entryId).toBe('wheelchair-two')
})
