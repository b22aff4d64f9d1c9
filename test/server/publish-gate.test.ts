/** The gate before publication, as a page meets it. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readGolden } from '../../knowledge/golden.ts'
import { aHotline, root, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'
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

/** Written, submitted and approved; not yet published. */
async function approved(id: string, question: string, similar: string[]): Promise<string> {
  const made = await editor.post('/api/entries', { id, wording: aWording({ question, similar }) })
  const revision = (made.body.revision as { id: string }).id
  await editor.post(`/api/revisions/${revision}/submit`)
  expect((await reviewer.post(`/api/revisions/${revision}/approve`)).status).toBe(200)
  return revision
}
const publish = (who: HttpClient, id: string, body: object = {}) => who.post(`/api/revisions/${id}/publish`, body)

it('lets through what takes no question away', async () => {
  const id = await approved('telescope', '望远镜镜片怎么擦', ['望远镜起雾怎么擦'])
  expect((await publish(editor, id)).status).toBe(200)
})

it('refuses what would be told in place of the right answer, and names every question', async () => {
  const { body } = await editor.get('/api/entries?state=published&limit=200')
  const { entries } = body as { entries: { question: string; region?: string }[] }
  const victim = entries.find(({ region, question: title }) => !region && !title.includes('望远镜'))
  const question = victim?.question ?? ''
  const id = await approved('thief', '直升机能不能租', [question])
  const refused = await publish(editor, id)
  expect(refused).toMatchObject({ status: 409, body: { code: 'publish_worsens' } })
  const told = (refused.body.fields as { message: string }[]).map(({ message }) => message)
  expect(told.some((message) => message.includes(question))).toBe(true)
  expect((await editor.get('/api/entries/thief')).body).toMatchObject({ revisions: [{ state: 'approved' }] })

  const many = await editor.post('/api/reviews', { move: 'publish', revisions: [id] })
  expect(many).toMatchObject({ status: 409, body: { code: 'publish_worsens' } })
})

it('tries two that are published at once one after the other, and refuses the one that comes second', async () => {
  const ids = await Promise.all([
    approved('airlift-one', '无人机送药要钱吗', ['无人机送药收费标准']),
    approved('airlift-two', '无人机送药要钱吗', ['无人机送药收费标准']),
  ])
  const answered = await Promise.all(ids.map((id) => publish(editor, id)))
  expect(answered.map(({ status }) => status).sort()).toEqual([200, 409])
  const refused = answered.find(({ status }) => status === 409)
  expect(refused?.body.code).toBe('publish_worsens')
  expect((refused?.body.fields as { message: string }[])[0]?.message).toContain('无人机送药')
})

it('counts the questions that are only measured, and names none of them', async () => {
  const { body } = await editor.get('/api/entries?state=published&limit=200')
  const titles = (body as { entries: { question: string }[] }).entries.map(({ question }) => question)
  const [keptBack, fit] = await Promise.all(
    ['test', 'fit'].map(async (half) => readGolden(join(root, 'knowledge', 'golden', `golden.${half}.jsonl`))),
  )
  const taken = (keptBack ?? [])
    .filter(({ entry, text }) => entry && text.length <= 200 && !titles.includes(text))
    .slice(0, 20)
  const id = await approved(
    'grabs',
    '无人机表演在哪看',
    taken.map(({ text }) => text),
  )
  const refused = await publish(editor, id)
  const told = (refused.body.fields as { message: string }[]).map(({ message }) => message)
  expect(told.at(-1)).toMatch(/^另有 \d+ 条留存题变差$/)
  const beforehand = (await editor.get(`/api/revisions/${id}/gate`)).body as { worse: string[] }
  const open = new Set((fit ?? []).map(({ text }) => text))
  for (const { text } of keptBack ?? [])
    if (!open.has(text))
      for (const line of [...told, ...beforehand.worse]) expect(line).not.toContain(`标准题“${text}”`)
})

it('lets a reviewer sign for it with a reason, and an editor not', async () => {
  const { body } = await editor.get('/api/entries/thief')
  const [{ id } = { id: '' }] = (body as { revisions: { id: string }[] }).revisions
  expect(await publish(editor, id, { override: '政策合并' })).toMatchObject({ status: 403 })
  expect((await publish(reviewer, id, { override: '政策合并' })).status).toBe(200)
  const { rows } = await hotline.database.pool.query<{ detail: { override?: string; worse?: number } }>(
    `select detail from audit where subject = $1 and act = 'revision.publish'`,
    [id],
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]?.detail.override).toBe('政策合并')
  expect(rows[0]?.detail.worse).toBeGreaterThan(0)
})
