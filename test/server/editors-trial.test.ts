/** Questions tried by editors over HTTP, and that nothing is left of them. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TrialBatchView, TrialView } from '../../contract/trial.ts'
import { readCsv, writeCsv } from '../../knowledge/sheet/csv.ts'
import { writeXlsx } from '../../knowledge/sheet/xlsx.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'
import { aWording } from '../support/wording.ts'

let hotline: TestHotline
let editor: HttpClient
let draft: string
const asked = '借轮椅要押金吗'

beforeAll(async () => {
  hotline = await aHotline()
  editor = await signedIn(hotline.url, await hotline.aMember('editor'))
  const wording = aWording({ question: asked, similar: [], answer: '押金两百元。', spoken: '押金两百元。' })
  const made = await editor.post('/api/entries', { id: 'wheelchair', wording })
  draft = (made.body.revision as { id: string }).id
})
afterAll(() => hotline.close())

const kept = async () => {
  const { rows } = await hotline.database.pool.query<Record<string, number>>(
    `select (select count(*) from served_answer) as served, (select count(*) from gap_question) as gaps,
      (select count(*) from conversation) as conversations, (select count(*) from audit) as audit`,
  )
  return rows
}
async function send(file: Buffer, query = '') {
  const response = await fetch(`${hotline.url}/api/trial-batches${query}`, {
    method: 'POST',
    headers: { cookie: editor.cookie, 'x-csrf-token': editor.csrf, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(file),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

it('shows what a question leads to, live and with the draft, and how near it came', async () => {
  const before = await kept()
  for (const revision of [undefined, draft]) {
    const { status, body } = await editor.post('/api/trials', { question: asked, ...(revision && { revision }) })
    expect(status).toBe(200)
    const view = body as unknown as TrialView
    expect(view.drafts).toBe(1)
    expect(view.live.answer.entry?.id).not.toBe('wheelchair')
    expect(view.draft).toMatchObject({
      answer: { outcome: 'answer', entry: { id: 'wheelchair' }, answer: { spoken: '押金两百元。' } },
      sureness: 1,
    })
    const [first, ...others] = view.draft.candidates
    expect(first).toMatchObject({ entryId: 'wheelchair', question: asked, score: 1 })
    expect(first?.features.length).toBeGreaterThan(0)
    expect(others.length).toBeLessThanOrEqual(4)
  }
  await hotline.gapNews.gather()
  expect(await kept()).toEqual(before)
})

it('explains by the very candidates and the threshold that decide', async () => {
  for (const voice of [false, true]) {
    const [title] = hotline.knowledge.current().titles(undefined, '2026-11-22')
    const question = title?.similar[0] ?? ''
    const { body } = await editor.post('/api/trials', { question, voice })
    const { live } = body as unknown as TrialView
    const { body: answer } = await editor.post('/api/ask', { question, voice })
    expect(live.answer).toEqual(answer)
    expect(live.candidates[0]?.entryId).toBe((answer.entry as { id: string } | undefined)?.id)
    expect(live.sureness).toBeGreaterThanOrEqual(live.thresholds.answer)
  }
})

it('reads what a question speaks of, and takes region, insurance and day into account', async () => {
  const given = { question: '职工医保住院报销多少', region: '340600', insurance: 'employee', on: '2026-06-01' }
  const { body } = await editor.post('/api/trials', given)
  const { live } = body as unknown as TrialView
  expect(live.slots.map(({ name }) => name)).toEqual(expect.arrayContaining(['care', 'action']))
  expect(await editor.post('/api/trials', { ...given, on: '2026-02-30' })).toMatchObject({ status: 400 })
})

it('tries a table of questions and tells row by row what came of it', async () => {
  const before = await kept()
  const [title] = hotline.knowledge.current().titles(undefined, '2026-11-22')
  const head = ['问题', '期望条目', '地区']
  const rows = [
    head,
    [title?.question ?? '', title?.question ?? '', ''],
    [title?.similar[0] ?? '', title?.entryId ?? '', '全国'],
    ['火星上的苹果甜不甜', title?.entryId ?? '', ''],
    ["'=1+1等于几", '不应答', '淮北'],
  ]
  for (const file of [writeCsv(rows), writeXlsx([{ name: '题', rows }])]) {
    const { status, body } = await send(file)
    expect(status).toBe(200)
    const view = body as unknown as TrialBatchView
    expect(view.rows.map(({ fate }) => fate)).toEqual(['right', 'right', 'withheld', 'right'])
    expect(view.fates).toEqual({ right: 3, offered: 0, withheld: 1, wrong: 0 })
    expect(view.rows[3]).toMatchObject({ row: 5, question: '=1+1等于几', region: '340600' })
    const out = readCsv(Buffer.from(view.csv))
    expect(out.rows).toHaveLength(5)
    expect(out.rows[4]?.cells[1]).toBe("'=1+1等于几")
  }
  expect(await kept()).toEqual(before)
})

it('tries a table on the drafts too when asked to', async () => {
  const file = writeCsv([
    ['问题', '期望条目'],
    [asked, '不应答'],
  ])
  const fate = async (query: string) => ((await send(file, query)).body as unknown as TrialBatchView).rows[0]?.fate
  expect(await fate('')).not.toBe('wrong')
  expect(await fate('?drafts=1')).toBe('wrong')
})

it('refuses a table whose rows cannot be tried, every cell by its name', async () => {
  const { status, body } = await send(
    writeCsv([
      ['问题', '期望条目', '地区'],
      ['', 'nat-no-such', '月球上'],
      ['怎么参保', '', ''],
    ]),
  )
  expect(status).toBe(400)
  expect((body.fields as { message: string }[]).map(({ message }) => message)).toEqual([
    '第 2 行“问题”：不能为空',
    '第 2 行“地区”：请写城市名，或六位行政区划代码',
    '第 2 行“期望条目”：没有这个编号的条目在用',
    '第 3 行“期望条目”：请写标准问题或编号；不该答的写“不应答”',
  ])
  expect((await send(writeCsv([['问题']]))).body.fields).toMatchObject([{ path: '1.期望条目' }])
})
