/** A caller and the desk: queue, claim, hold, hang-up, typed words, back to the bot; over real SIP and a real server. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { aHotline, type TestHotline } from '../../support/hotline.ts'
import { aCaller, aPhone, phoneToken, voiceHertz, type TestPhone } from '../../support/phone-peers.ts'
import { anAgent, until, type Agent } from '../../support/socket-clients.ts'

let hotline: TestHotline
let phone: TestPhone
let agent: Agent
let numbers = 0
const closing: (() => unknown)[] = []
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } })
  phone = await aPhone(hotline.url)
  agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  await until(() => phone.isLinked(), 'the link')
})
beforeEach(() => agent.must('presence:set', { state: 'online' }))
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await until(() => phone.calls() === 0, 'nothing left')
})
afterAll(async () => {
  agent.close()
  await phone.close()
  await hotline.close()
})

/** A caller who has pressed 0 and waits. */
async function aWaitingCaller() {
  const caller = await aCaller(`1360013${String(6_000 + ++numbers)}`)
  closing.push(() => caller.close())
  const call = await caller.ring(phone.uri)
  await until(() => call.hears(voiceHertz), 'the greeting')
  call.press('0')
  const waiting = await until(() => agent.queue()?.waiting[0], 'somebody in the queue')
  return { call, conversationId: waiting.conversationId }
}
async function aBridgedCaller() {
  const made = await aWaitingCaller()
  await agent.must('conversation:claim', { conversationId: made.conversationId })
  await agent.must('audio:open', { conversationId: made.conversationId })
  await pause(200)
  return made
}
async function callOf(conversationId: string): Promise<{ ended_by: string | null; kinds: string[] }> {
  const { rows } = await hotline.database.pool.query<{ ended_by: string | null; kinds: string[] }>(
    `select ended_by, array(select kind from call_event where call_id = c.id order by seq) as kinds
       from call c where conversation_id = $1`,
    [conversationId],
  )
  if (!rows[0]) throw new Error('no call')
  return rows[0]
}
it('takes a caller who hangs up in the queue out of it', async () => {
  const { call, conversationId } = await aWaitingCaller()
  call.hangUp()
  await until(() => agent.queue()?.waiting.length === 0, 'an empty queue')
  await until(() => phone.calls() === 0, 'the end')
  expect(await callOf(conversationId)).toMatchObject({ ended_by: 'caller' })
})

it('plays a sound to who waits, and says the place and the number of the agent who takes the call', async () => {
  const { call, conversationId } = await aWaitingCaller()
  await until(() => phone.said.some((words) => words.includes('您排在第')), 'the place')
  await pause(2_500)
  call.heard()
  await pause(5_200)
  const loud = call.heard().filter((frame) => frame.some((code) => code !== 0xd5)).length
  expect(loud).toBeGreaterThan(30)
  await agent.must('conversation:claim', { conversationId })
  await until(() => phone.said.some((words) => words.includes('为您服务')), 'the number of the agent')
  call.hangUp()
})

it('holds a caller with a sound, and gives the agent back afterwards', async () => {
  const { call, conversationId } = await aBridgedCaller()
  const heard: Uint8Array[] = []
  agent.socket.on('audio:frame', (_: string, frame: Uint8Array) => heard.push(frame))
  await agent.must('call:hold', { conversationId, on: true })
  await pause(300)
  heard.length = 0
  void call.tone(1_000, 800)
  await pause(600)
  expect(heard).toEqual([])
  await agent.must('call:hold', { conversationId, on: false })
  await until(() => heard.length > 5, 'the caller again')
  agent.socket.off('audio:frame')
  call.hangUp()
  await until(() => phone.calls() === 0, 'the end')
  expect((await callOf(conversationId)).kinds).toEqual(
    expect.arrayContaining(['picked-up', 'queued', 'person', 'held', 'resumed']),
  )
})

it('ends the call when the agent hangs up, in the words of the record', async () => {
  const { call, conversationId } = await aBridgedCaller()
  await agent.must('call:hang-up', { conversationId })
  await until(() => call.ending(), 'the end')
  expect(call.ending()).toBe('remote-bye')
  await until(() => phone.calls() === 0, 'the end')
  expect(await callOf(conversationId)).toMatchObject({ ended_by: 'agent' })
})

it('reads out what an agent types who has no microphone', async () => {
  const { call, conversationId } = await aWaitingCaller()
  await agent.must('conversation:claim', { conversationId })
  const text = '请带身份证到窗口办理。'
  await agent.must('turn:say', { conversationId, clientId: randomUUID(), text })
  await until(() => phone.said.some((words) => words.includes('请带身份证')), 'the words of the agent')
  call.hangUp()
})

it('gives the caller back to the bot, which asks again', async () => {
  const { call, conversationId } = await aBridgedCaller()
  await agent.must('call:to-bot', { conversationId, summary: '转回智能客服接着答' })
  await until(() => phone.said.some((words) => words.includes('已转回智能客服')), 'the bot')
  call.press('9', '3', '5', '9', '#')
  await until(() => phone.said.filter((words) => words.includes('您问的是哪一个')).length > 0, 'titles')
  call.hangUp()
  await until(() => phone.calls() === 0, 'the end')
  expect((await callOf(conversationId)).kinds).toContain('bot-again')
})

it('takes a caller who rings again back to the agent who still has the conversation', async () => {
  const caller = await aCaller('13600136998')
  closing.push(() => caller.close())
  const first = await caller.ring(phone.uri)
  await until(() => first.hears(voiceHertz), 'the greeting')
  first.press('0')
  const { conversationId } = await until(() => agent.queue()?.waiting[0], 'somebody in the queue')
  await agent.must('conversation:claim', { conversationId })
  first.hangUp()
  await until(() => phone.calls() === 0, 'the end of the first call')

  const again = await caller.ring(phone.uri)
  await until(() => phone.said.some((words) => words.includes('同一位工作人员')), 'where the call goes')
  const heard: Uint8Array[] = []
  agent.socket.on('audio:frame', (_: string, frame: Uint8Array) => heard.push(frame))
  await agent.must('audio:open', { conversationId })
  await pause(300)
  void again.tone(1_000, 600)
  await until(() => heard.length > 5, 'the caller, heard by the same agent')
  agent.socket.off('audio:frame')
  again.hangUp()
})

it('keeps quiet while the caller has put us on hold, and goes on afterwards', async () => {
  const caller = await aCaller('13600136999')
  closing.push(() => caller.close())
  const call = await caller.ring(phone.uri)
  await until(() => call.hears(voiceHertz), 'the greeting')
  expect(await call.hold(true)).toMatchObject({ accepted: true })
  await pause(300)
  call.heard()
  await pause(500)
  expect(call.hears(voiceHertz)).toBe(false)
  expect(await call.hold(false)).toMatchObject({ accepted: true })
  await until(() => call.hears(voiceHertz), 'the bot again')
  call.hangUp()
})
