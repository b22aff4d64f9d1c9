/** News of an old matter finds the citizen where they are now, and never takes them out of a talk they are in. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { wording as dialogWording } from '../../bot/dialogs/wording.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { anAgent, aVisitor, until, type Visitor } from '../support/socket-clients.ts'

const dayMs = 86_400_000
let hotline: TestHotline
let clockShiftMs = 0
beforeAll(async () => {
  hotline = await aHotline({ env: { QUEUE_MODE: 'claim' }, now: () => new Date(Date.now() + clockShiftMs) })
})
afterEach(async () => {
  clockShiftMs = 0
  await presenceStore(hotline.db).offlineAll(new Date())
})
afterAll(() => hotline.close())

async function anAgentOnline() {
  const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  await agent.must('presence:set', { state: 'online' })
  return agent
}

/** An officer works the citizen's complaint until its remedy is told. */
async function putRight(caseNumber: string) {
  const officer = await signedIn(hotline.url, await hotline.aMember('officer'))
  const { cases } = (await officer.get('/api/cases?limit=200')).body as { cases: { id: string; number: string }[] }
  const id = cases.find((one) => one.number === caseNumber)?.id
  for (const step of [
    { to: 'contacted' },
    { to: 'rectifying' },
    { to: 'to_review', remedy: '已退款。', evidence: '凭证 1' },
    { to: 'reported_back' },
  ])
    expect(await officer.post(`/api/cases/${id}/moves`, { note: '办理', ...step })).toMatchObject({ status: 200 })
}

const where = (citizen: Visitor) => String(citizen.standing()?.conversationId)

it('keeps a citizen in the talk with an agent when an older complaint is reported back', async () => {
  const citizen = await aVisitor(hotline.url)
  const { caseNumber } = await citizen.must('complaint:file', { text: '窗口多收了钱' })
  const before = where(citizen)

  clockShiftMs = 3 * dayMs
  const agent = await anAgentOnline()
  const { conversationId } = await citizen.must('person:ask', {})
  expect(conversationId).not.toBe(before)
  await agent.must('conversation:claim', { conversationId })
  await putRight(caseNumber)

  await citizen.hears('已退款')
  expect((await until(() => citizen.ratings.at(-1), 'the fix to be rated')).about).toBe('case')
  const said = await citizen.must('turn:say', { clientId: randomUUID(), text: '好的，接着说刚才的事' })
  expect(said.conversationId).toBe(conversationId)
  const reloaded = await aVisitor(hotline.url, { token: citizen.token })
  await until(() => reloaded.standing()?.conversationId === conversationId, 'the same talk after a reload')
})

it("asks for the agent's rating although the fix of a case was asked about meanwhile", async () => {
  const agent = await anAgentOnline()
  const citizen = await aVisitor(hotline.url)
  const { caseNumber } = await citizen.must('complaint:file', { text: '电话没有人接' })
  const { conversationId } = await citizen.must('person:ask', {})
  await agent.must('conversation:claim', { conversationId })
  await putRight(caseNumber)
  await agent.must('conversation:close', { conversationId, summary: '已答复' })
  await until(() => citizen.ratings.some((one) => one.about === 'agent'), "the agent's part to be rated")
})

it('goes on with the question of a dialog in which the news of a case came', async () => {
  const citizen = await aVisitor(hotline.url)
  const { caseNumber } = await citizen.must('complaint:file', { text: '材料跑了三趟' })
  await citizen.say('转人工')
  await citizen.hears(dialogWording.callback.askPhone)
  await putRight(caseNumber)
  await citizen.say('13800138000')
  await citizen.hears(dialogWording.callback.askTime)
})

it('takes back to the agent a citizen who was away for two days', async () => {
  const agent = await anAgentOnline()
  const citizen = await aVisitor(hotline.url)
  const { conversationId } = await citizen.must('person:ask', {})
  await agent.must('conversation:claim', { conversationId })
  citizen.close()
  clockShiftMs = 2 * dayMs
  const back = await aVisitor(hotline.url, { token: citizen.token })
  const said = await back.must('turn:say', { clientId: randomUUID(), text: '我回来了' })
  expect(said.conversationId).toBe(conversationId)
})
