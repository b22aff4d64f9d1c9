/** The gate before publication, as a page meets it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aHotline, type TestHotline } from '../support/hotline.ts'
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
  const id = await approved('helicopter', '直升机转运费报销吗', ['直升机救援的钱谁出'])
  expect((await publish(editor, id)).status).toBe(200)
})

it('refuses what would be told in place of the right answer, and names every question', async () => {
  const { body } = await editor.get('/api/entries?state=published&limit=1')
  const [victim] = (body as { entries: { id: string; question: string }[] }).entries
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
