/** Publishing and withdrawing on a later day, and the way back to an earlier text. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PlanView } from '../../contract/gate.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'
import { aWording } from '../support/wording.ts'

let hotline: TestHotline
let editor: HttpClient
let reviewer: HttpClient
let clock = new Date('2026-11-22T02:00:00Z')

beforeAll(async () => {
  hotline = await aHotline({ now: () => clock })
  await signIn()
})
afterAll(() => hotline.close())

/** Sessions end as the clock goes on. */
async function signIn() {
  editor = await signedIn(hotline.url, await hotline.aMember('editor'))
  reviewer = await signedIn(hotline.url, await hotline.aMember('reviewer'))
}
async function day(to: string) {
  clock = new Date(`${to}T02:00:00Z`)
  await signIn()
}
type Made = { revision: { id: string; number: number; state: string } }
async function approved(made: { body: Record<string, unknown> }): Promise<string> {
  const { id, state } = (made.body as Made).revision
  if (state === 'draft') await editor.post(`/api/revisions/${id}/submit`)
  expect((await reviewer.post(`/api/revisions/${id}/approve`)).status).toBe(200)
  return id
}
const wording = (answer: string) => aWording({ question: '直升机转运费报销吗', similar: [], answer, spoken: answer })
const plansOf = async (entry: string) =>
  ((await editor.get(`/api/plans?entry=${entry}`)).body as { plans: PlanView[] }).plans
const answered = async () => {
  const { body } = await editor.post('/api/ask', { question: '直升机转运费报销吗' })
  return body.outcome === 'answer' ? (body.answer as { text: string }).text : body.outcome
}

it('publishes an approved text on its day, and not before', async () => {
  const id = await approved(await editor.post('/api/entries', { id: 'helicopter', wording: wording('不报销。') }))
  expect(await editor.post('/api/plans', { revisionId: id, move: 'publish', on: '2026-11-22' })).toMatchObject({
    status: 400,
    body: { fields: [{ path: 'on', message: '请选明天或以后的日期' }] },
  })
  expect((await editor.post('/api/plans', { revisionId: id, move: 'publish', on: '2026-11-24' })).status).toBe(200)
  expect(await editor.post('/api/plans', { revisionId: id, move: 'publish', on: '2026-11-25' })).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  })
  expect(await plansOf('helicopter')).toMatchObject([{ on: '2026-11-24', state: 'waiting', move: 'publish' }])

  await day('2026-11-23')
  expect(await hotline.revisionPlans.fire()).toBe(0)
  expect(await answered()).not.toBe('不报销。')
  await day('2026-11-24')
  expect(await hotline.revisionPlans.fire()).toBe(1)
  expect(await answered()).toBe('不报销。')
  expect(await plansOf('helicopter')).toEqual([])
})

it('withdraws on its day, unless that was cancelled', async () => {
  const { body } = await editor.get('/api/entries/helicopter')
  const [{ id } = { id: '' }] = (body as { revisions: { id: string }[] }).revisions
  const made = await editor.post('/api/plans', { revisionId: id, move: 'withdraw', on: '2026-11-25' })
  expect((await editor.post(`/api/plans/${String(made.body.id)}/cancel`)).status).toBe(200)
  expect((await editor.post(`/api/plans/${String(made.body.id)}/cancel`)).status).toBe(409)
  await day('2026-11-25')
  expect(await hotline.revisionPlans.fire()).toBe(0)
  await editor.post('/api/plans', { revisionId: id, move: 'withdraw', on: '2026-11-26' })
  await day('2026-11-26')
  expect(await hotline.revisionPlans.fire()).toBe(1)
  expect(await answered()).not.toBe('不报销。')
})

it('shows why a plan could not be carried out, and does not try again', async () => {
  const id = await approved(await editor.post('/api/entries/helicopter/revisions', { wording: wording('报一半。') }))
  await editor.post('/api/plans', { revisionId: id, move: 'publish', on: '2026-11-27' })
  await editor.post(`/api/revisions/${id}/withdraw`)
  await day('2026-11-27')
  expect(await hotline.revisionPlans.fire()).toBe(0)
  expect(await hotline.revisionPlans.fire()).toBe(0)
  expect(await plansOf('helicopter')).toMatchObject([{ state: 'refused', refusal: '现在不能这样办理' }])
})

it('plans nothing that could not be done today either', async () => {
  const made = await editor.post('/api/entries', { id: 'only-draft', wording: wording('草稿。') })
  const { id } = (made.body as Made).revision
  expect(await editor.post('/api/plans', { revisionId: id, move: 'publish', on: '2027-01-01' })).toMatchObject({
    status: 409,
    body: { code: 'illegal_move' },
  })
})

it('goes back to an earlier text by a new revision that somebody else approves', async () => {
  const back = await editor.post('/api/entries/helicopter/rollback', { number: 1 })
  expect(back.body).toMatchObject({ revision: { state: 'submitted', number: 3, wording: { answer: '不报销。' } } })
  const { id } = (back.body as Made).revision
  await approved(back)
  expect((await editor.post(`/api/revisions/${id}/publish`)).status).toBe(200)
  expect(await answered()).toBe('不报销。')
  expect((await editor.post('/api/entries/helicopter/rollback', { number: 3 })).body.code).toBe('illegal_move')
  expect((await editor.post('/api/entries/helicopter/rollback', { number: 9 })).body.code).toBe('not_found')
})

it('tells beforehand what publishing would do', async () => {
  const { body } = await editor.get('/api/entries?state=published&limit=1')
  const question = (body as { entries: { question: string }[] }).entries[0]?.question ?? ''
  const made = await editor.post('/api/entries', {
    wording: aWording({ question: '直升机租一天', similar: [question] }),
  })
  const told = await editor.get(`/api/revisions/${(made.body as Made).revision.id}/gate`)
  expect(told.status).toBe(200)
  expect(JSON.stringify(told.body.worse)).toContain(question)
})
