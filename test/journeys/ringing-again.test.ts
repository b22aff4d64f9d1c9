/** A caller who rings again: back to the agent who still has the conversation, to the queue, or to the bot. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { presenceStore } from '../../desk/presence.store.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aPhoneClient, type PhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'
import { anAgent, until, type Agent } from '../support/socket-clients.ts'

let hotline: TestHotline
let phone: PhoneClient
let agent: Agent
let workNumber: string
let ringing: { conversationId: string }[]
let callers = 0

beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } })
  phone = await aPhoneClient(hotline.url, phoneToken)
  const member = await hotline.aMember('agent')
  workNumber = member.workNumber
  agent = await anAgent(hotline.url, member)
  agent.socket.on('call:back', (which: { conversationId: string }) => ringing.push(which))
})
beforeEach(async () => {
  ringing = []
  await agent.must('presence:set', { state: 'online' })
})
afterAll(async () => {
  agent.close()
  phone.close()
  await hotline.close()
})

/** A caller whom the agent has, and who hung up. */
async function aCallerOfBefore() {
  const number = `1370013${String(6_000 + ++callers)}`
  const first = await phone.ring(number)
  const { conversationId } = first
  await phone.must('person:ask', { conversationId, reason: 'asked' })
  await agent.must('conversation:claim', { conversationId })
  return { number, conversationId, hangUp: () => phone.hangUp(first.callRowId) }
}

it('is told that the same agent has the conversation, whose console rings', async () => {
  const { number, conversationId, hangUp } = await aCallerOfBefore()
  await hangUp()
  const again = await phone.ring(number)
  expect(again).toMatchObject({ conversationId, standing: { state: 'agent', agentNumber: workNumber } })
  await until(() => ringing.length > 0, 'the console rings')
  expect(ringing).toEqual([{ conversationId }])
  const { turns } = await agent.must('conversation:open', { conversationId })
  expect(turns.at(-1)).toMatchObject({ speaker: 'system', text: '市民再次来电。', seq: again.lastSeq })
  await agent.must('audio:open', { conversationId })
  await until(() => phone.heard('audio:opened').some((one) => one.conversationId === conversationId), 'the agent')
  await phone.hangUp(again.callRowId)
})

it('is queued in front of all others when the agent does not take it up', async () => {
  const other = await phone.ring('13700139999')
  await phone.must('person:ask', { conversationId: other.conversationId, reason: 'asked' })
  const { number, conversationId, hangUp } = await aCallerOfBefore()
  await hangUp()
  await phone.ring(number)
  expect(await phone.must('agent:missed', { conversationId })).toEqual({ outcome: 'queued' })
  const { waiting, mine } = await agent.must('queue:list', {})
  expect(waiting.map((row) => row.conversationId)).toEqual([conversationId, other.conversationId])
  expect(mine.map((row) => row.conversationId)).not.toContain(conversationId)
  expect(await phone.must('agent:missed', { conversationId })).toEqual({ outcome: 'already' })
})

it('is asked for a number when nobody at all takes conversations any more', async () => {
  const { number, conversationId, hangUp } = await aCallerOfBefore()
  await hangUp()
  await presenceStore(hotline.db).offlineAll(new Date())
  await phone.ring(number)
  expect(await phone.must('agent:missed', { conversationId })).toEqual({ outcome: 'callback' })
  const told = await until(
    () => phone.heard('turn:said').find((turn) => turn.conversationId === conversationId && /电话/.test(turn.text)),
    'the question for a number',
  )
  expect(told.speaker).toBe('bot')
})

it('finds the place in the queue that another telephone of the same number has left open', async () => {
  const number = '13700137777'
  const { conversationId } = await phone.ring(number)
  await phone.must('person:ask', { conversationId, reason: 'asked' })
  await hotline.database.pool.query('update call set ended_at = offered_at, ended_by = $1', ['failed'])
  expect(await phone.ring(number)).toMatchObject({ conversationId, standing: { state: 'waiting' } })
})

it('has a conversation of its own while somebody else talks from the same number', async () => {
  const { number, conversationId } = await aCallerOfBefore()
  const colleague = await phone.ring(number)
  expect(colleague.conversationId).not.toBe(conversationId)
  expect(colleague.standing).toEqual({ state: 'bot' })
  expect(ringing).toEqual([])
})
