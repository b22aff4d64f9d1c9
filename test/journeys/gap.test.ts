/** A question that nobody could answer, until whoever asked it is told the answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wording } from '../../bot/wording.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'
import { aVisitor, until, type Visitor } from '../support/socket-clients.ts'
import { aWording } from '../support/wording.ts'

let hotline: TestHotline
let editor: HttpClient
let reviewer: HttpClient
let clock = new Date('2026-11-22T02:00:00Z')
const visitors: Visitor[] = []

const later = (minutes: number) => void (clock = new Date(clock.getTime() + minutes * 60_000))
const visitor = async (given: { token?: string } = {}) => {
  const one = await aVisitor(hotline.url, given)
  visitors.push(one)
  return one
}
const offeredTo = (citizen: Visitor) =>
  until(
    () => citizen.turns.find((turn) => turn.choices?.length),
    `a choice: ${citizen.turns.map(({ text }) => text).join(' | ')}`,
  )
type Row = { id: string; state: string; asked: number; askers: number; question: string }
const gapsOf = async (q: string) =>
  (await editor.get(`/api/gaps?q=${encodeURIComponent(q)}`)).body as { gaps: Row[]; total: number }
const gapOf = async (q: string) => (await gapsOf(q)).gaps[0] ?? expect.unreachable(`no gap of ${q}`)

/** Sessions end as the clock goes on. */
async function signIn() {
  editor = await signedIn(hotline.url, await hotline.aMember('editor'))
  reviewer = await signedIn(hotline.url, await hotline.aMember('reviewer'))
}

async function publish(revisionId: unknown) {
  for (const [who, move] of [
    [editor, 'submit'],
    [reviewer, 'approve'],
    [editor, 'publish'],
  ] as const)
    expect((await who.post(`/api/revisions/${String(revisionId)}/${move}`)).status).toBe(200)
}

beforeAll(async () => {
  hotline = await aHotline({ now: () => clock })
  await signIn()
})
afterAll(async () => {
  for (const one of visitors) one.close()
  await hotline.close()
})

const question = '救援队直升机由谁派出'
const answer = '直升机由救援队所在地的应急管理部门派出。'

describe('a question without an answer', () => {
  it('becomes one gap of all who asked it, personal data masked', async () => {
    const [one, two] = [await visitor(), await visitor()]
    await one.say(`我的电话13912345678，${question}`)
    await one.hears(wording.unknown)
    await two.say(question)
    await two.hears(wording.unknown)
    expect(await hotline.gapNews.gather()).toBe(2)
    expect(await hotline.gapNews.gather()).toBe(0)
    expect((await gapsOf('139****5678')).total).toBe(1)
    expect((await gapsOf('13912345678')).total).toBe(0)
    expect(await gapOf('直升机')).toMatchObject({ state: 'open' })
  })

  it('is answered by an entry, and each who asked is told once: on the open line, or when they come back', async () => {
    const staying = await visitor()
    await staying.say(`请问${question}`)
    await staying.hears(wording.unknown)
    await hotline.gapNews.gather()
    const { id } = await gapOf(`请问${question}`)

    const made = await editor.post(`/api/gaps/${id}/draft`, {
      wording: aWording({ question: '直升机转运谁来派', similar: [], answer, spoken: answer }),
    })
    expect(made.status).toBe(200)
    const revision = made.body.revision as { id: string; wording: { similar: string[] } }
    expect(revision.wording.similar).toEqual([question])
    await publish(revision.id)
    await hotline.gapNews.tellOpenLines()
    await staying.hears('当时没能答好')
    await staying.hears(answer)
    await hotline.gapNews.tellOpenLines()
    expect(staying.turns.filter(({ text }) => text.includes('当时没能答好'))).toHaveLength(1)
  })
})

describe('what an answer leaves open', () => {
  it('is a gap when it did not help, but not when it did', async () => {
    const citizen = await visitor()
    const { seq } = await citizen.must('turn:say', { clientId: 'asks-newborn-1', text: '新生儿怎么参保' })
    const served = await citizen.hears(/.{20}/)
    expect(served.seq).toBeGreaterThan(seq)
    await citizen.must('answer:judge', { seq: served.seq, solved: true })
    expect(await hotline.gapNews.gather()).toBe(0)
    await citizen.must('answer:judge', { seq: served.seq, solved: false })
    expect(await hotline.gapNews.gather()).toBe(1)
    const { body } = await editor.get('/api/gaps?cause=not_helped')
    expect(body).toMatchObject({ total: 1, gaps: [{ question: '新生儿怎么参保', asked: 1 }] })
  })

  it('is a gap when the bot asked back and nothing was chosen', async () => {
    const citizen = await visitor()
    await citizen.say('医保卡')
    await offeredTo(citizen)
    expect(await hotline.gapNews.gather()).toBe(0)
    later(11)
    expect(await hotline.gapNews.gather()).toBe(1)
    expect((await editor.get('/api/gaps?cause=unchosen')).body).toMatchObject({ gaps: [{ question: '医保卡' }] })
  })

  it('is none when one of the choices was taken', async () => {
    const citizen = await visitor()
    await citizen.say('医保码')
    const offered = await offeredTo(citizen)
    await citizen.say(offered.choices?.[0]?.question ?? expect.unreachable('nothing was offered'))
    await citizen.hears(/.{20}/)
    later(11)
    expect(await hotline.gapNews.gather()).toBe(0)
  })
})

describe('the doors', () => {
  it('give a gap to an editor with a due date, and to nobody else', async () => {
    const { id } = await gapOf('医保卡')
    const { body } = await editor.get('/api/editors')
    const [someone] = (body as { editors: { id: string }[] }).editors
    expect((await editor.post(`/api/gaps/${id}/owner`, { ownerId: someone?.id, dueOn: '2026-12-01' })).status).toBe(200)
    expect((await editor.get(`/api/gaps/${id}`)).body).toMatchObject({
      dueOn: '2026-12-01',
      owner: { id: someone?.id },
    })
    const agent = await hotline.aMember('agent')
    expect(await editor.post(`/api/gaps/${id}/owner`, { ownerId: agent.staffId })).toMatchObject({
      status: 400,
      body: { fields: [{ path: 'ownerId' }] },
    })
  })

  it('write every act into the audit trail, and refuse what is not legal', async () => {
    const { id } = await gapOf('医保卡')
    expect((await editor.post(`/api/gaps/${id}/dismiss`, { reason: '太笼统' })).status).toBe(200)
    expect(await editor.post(`/api/gaps/${id}/dismiss`, { reason: '太笼统' })).toMatchObject({
      status: 409,
      body: { code: 'illegal_move' },
    })
    expect((await editor.post(`/api/gaps/${id}/reopen`)).status).toBe(200)
    const auditor = await signedIn(hotline.url, await hotline.aMember('auditor'))
    const trail = (await auditor.get('/api/audit')).body as { rows: { act: string; subject: string }[] }
    expect(trail.rows.filter(({ subject }) => subject === id).map(({ act }) => act)).toEqual([
      'gap.reopen',
      'gap.dismiss',
      'gap.give',
    ])
  })
})

it('is told of at the next word of somebody who is back after days', async () => {
  const gone = await visitor()
  const told = '潜水病高压舱治疗怎么结算'
  await gone.say(told)
  await gone.hears(wording.unknown)
  await hotline.gapNews.gather()
  gone.close()
  later(3 * 24 * 60)
  await signIn()

  const { id } = await gapOf('潜水病')
  const made = await editor.post(`/api/gaps/${id}/draft`, {
    wording: aWording({
      question: '高压舱治疗报销吗',
      similar: [],
      answer: '高压舱按规定报销。',
      spoken: '按规定报销',
    }),
  })
  await publish((made.body.revision as { id: string }).id)
  await hotline.gapNews.tellOpenLines()
  expect((await gapOf('潜水病')).state).toBe('published')

  const back = await visitor({ token: gone.token })
  await back.say('你好')
  await back.hears('当时没能答好')
  await back.hears('高压舱按规定报销。')
  expect((await gapOf('潜水病')).state).toBe('told')
  await back.say('谢谢')
  await back.hears(wording.thanks)
  expect(back.turns.filter(({ text }) => text.includes('当时没能答好'))).toHaveLength(1)
})
