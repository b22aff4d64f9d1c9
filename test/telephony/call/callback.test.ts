/** An agent rings somebody back who asked for it: through the trunk, to that very number, within what is allowed. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { staff } from '../../../desk/staff.ts'
import { aHotline, type TestHotline } from '../../support/hotline.ts'
import { aPhone, phoneToken, type TestPhone } from '../../support/phone-peers.ts'
import { anAgent, aVisitor, until, type Agent } from '../../support/socket-clients.ts'
import { aDeskPhone, type DeskPhone } from '../agent-sound/a-desk-phone.ts'

const [password, nowhere] = ['secret-of-8001', 9]
let hotline: TestHotline
let trunk: DeskPhone
let phone: TestPhone
let agent: Agent
let other: Agent
let told: { conversationId: string; state: string; why?: string }[]
const closing: (() => unknown)[] = []

beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken } })
  trunk = await aDeskPhone(nowhere, 'trunk', password, { does: 'answers', codec: 'PCMU' })
  const env = {
    SIP_USERS: `8001:${password}`,
    SIP_CALLBACK_TRUNK: `127.0.0.1:${trunk.port}`,
    SIP_CALLBACK_ALLOW: '13,0556',
  }
  phone = await aPhone(hotline.url, { env })
  const member = await hotline.aMember('agent')
  await staff(hotline.db).setExtension(member.staffId, '8001')
  agent = await anAgent(hotline.url, member)
  other = await anAgent(hotline.url, await hotline.aMember('agent'))
  await agent.must('presence:set', { state: 'busy' })
  agent.socket.on('callback:told', (one: (typeof told)[number]) => told.push(one))
  await until(() => phone.isLinked(), 'the link')
  told = []
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await until(() => phone.calls() === 0, 'nothing left')
  told = []
})
afterAll(async () => {
  agent.close()
  other.close()
  await phone.close()
  await trunk.close()
  await hotline.close()
})

async function aBookedCallback(number: string): Promise<string> {
  const visitor = await aVisitor(hotline.url)
  closing.push(() => visitor.close())
  return (await visitor.must('callback:book', { phone: number })).callbackId
}

const ticket = async (callbackId: string) => (await agent.http.get(`/api/callbacks/${callbackId}`)).body

it('rings that number; whoever answers hears who it is, and speaks with that agent on the desk phone', async () => {
  const desk = await aDeskPhone(phone.port, '8001', password)
  closing.push(() => desk.close())
  await desk.registered()
  const callbackId = await aBookedCallback('13800138000')
  const { conversationId } = await agent.must('callback:ring', { callbackId })
  await until(() => told.some(({ state }) => state === 'answered'), 'an answer')
  expect(trunk.calls.at(-1)?.called).toBe('13800138000')
  await until(() => phone.said.some((words) => words.includes('您预约回电')), 'who is calling')

  await agent.must('handset:ring', { conversationId })
  await desk.rang()
  void trunk.speak(1_000, 15_000)
  await until(() => desk.hears(1_000), 'the citizen at the desk phone')
  void desk.speak(700, 15_000)
  await until(() => trunk.hears(700), 'the agent at the citizen’s')

  await trunk.hangUp()
  await until(() => desk.endings.includes('remote-bye'), 'goodbye to the desk phone')
  await until(() => phone.calls() === 0, 'the end')
  const { rows } = await hotline.database.pool.query<{ line: string; ended_by: string; conversation_id: string }>(
    'select line, ended_by, conversation_id from call order by offered_at desc limit 1',
  )
  expect(rows[0]).toEqual({ line: 'callback', ended_by: 'caller', conversation_id: conversationId })
  const supervisor = await anAgent(hotline.url, await hotline.aMember('supervisor'))
  closing.push(() => supervisor.close())
  expect((await supervisor.http.get('/api/figures/calls')).body).toMatchObject({ offered: 0, answered: 0 })
  const audit = await hotline.database.pool.query<{ act: string }>(
    "select act from audit where act like 'callback.%' and subject = $1 order by id",
    [callbackId],
  )
  expect(audit.rows.map(({ act }) => act)).toEqual(['callback.ring', 'callback.done'])
  expect(await ticket(callbackId)).toMatchObject({
    ...{ state: 'done', result: 'reached' },
    attempts: [{ outcome: 'reached', conversationId }],
  })
  await agent.must('conversation:close', { conversationId, summary: '已回电' })
  expect(await ticket(callbackId)).toMatchObject({ attempts: [{ summary: '已回电' }] })
})

it('dials nothing that the operator did not allow, and says so', async () => {
  const before = trunk.calls.length
  const callbackId = await aBookedCallback('15800158000')
  expect(await agent.ask('callback:ring', { callbackId })).toMatchObject({
    ok: false,
    code: 'invalid_input',
    fields: [{ path: 'callbackId', message: '这个号码不在允许回拨的范围内，请用别的电话回电' }],
  })
  expect(trunk.calls).toHaveLength(before)
  expect((await agent.must('queue:list', {})).mine).toEqual([])
})

it('rings for a ticket that waits, and for one agent', async () => {
  expect(await agent.ask('callback:ring', { callbackId: crypto.randomUUID() })).toMatchObject({ code: 'not_found' })
  const callbackId = await aBookedCallback('13800138001')
  const { conversationId } = await agent.must('callback:ring', { callbackId })
  expect(await other.ask('callback:ring', { callbackId })).toMatchObject({ code: 'already_claimed' })
  await until(() => told.some(({ state }) => state === 'answered'), 'an answer')
  await agent.must('call:hang-up', { conversationId })
  await until(() => phone.calls() === 0, 'the end')
  expect(await agent.ask('callback:ring', { callbackId })).toMatchObject({
    code: 'conflict',
    fields: [{ path: '', message: '这个回电已经办结' }],
  })
})

it('rings nobody twice at once, and nobody any more whose conversation the agent has closed meanwhile', async () => {
  const patient = await aDeskPhone(nowhere, 'trunk', password, { does: 'rings' })
  closing.push(() => patient.close())
  const env = { SIP_CALLBACK_TRUNK: `127.0.0.1:${patient.port}`, SIP_CALLBACK_ALLOW: '13', PHONE_NODE: 'patient' }
  await phone.close()
  phone = await aPhone(hotline.url, { env })
  await until(() => phone.isLinked(), 'the link')
  const callbackId = await aBookedCallback('13800138003')
  const both = await Promise.all([
    agent.ask('callback:ring', { callbackId }),
    agent.ask('callback:ring', { callbackId }),
  ])
  expect(both.map(({ ok }) => ok).sort()).toEqual([false, true])
  await patient.rang()
  const rung = both.find((one) => one.ok)
  if (!rung?.ok) return expect.unreachable('neither was dialled')
  const { conversationId } = rung.value
  await agent.must('conversation:close', { conversationId, summary: '先不打了' })
  const unanswered = await until(() => patient.endings[0], 'the end at the citizen’s')
  expect([unanswered, patient.calls.length]).toEqual(['cancelled', 1])
  await expect.poll(() => ticket(callbackId)).toMatchObject({ tries: 0, attempts: [{ outcome: 'broken_off' }] })
})

it('tells the agent when nobody takes the call; nobody is said to have hung up', async () => {
  const deaf = await aDeskPhone(nowhere, 'trunk', password, { does: 486 })
  closing.push(() => deaf.close())
  const env = { SIP_CALLBACK_TRUNK: `127.0.0.1:${deaf.port}`, SIP_CALLBACK_ALLOW: '13', PHONE_NODE: 'second' }
  await phone.close()
  phone = await aPhone(hotline.url, { env })
  await until(() => phone.isLinked(), 'the link')
  const callbackId = await aBookedCallback('13800138002')
  const { conversationId } = await agent.must('callback:ring', { callbackId })
  const unanswered = await until(() => told.find(({ state }) => state === 'unanswered'), 'the news')
  expect(unanswered).toEqual({ conversationId, state: 'unanswered', why: 'refused' })
  expect(await ticket(callbackId)).toMatchObject({
    ...{ state: 'waiting', tries: 1 },
    attempts: [{ outcome: 'not_reached', conversationId }],
  })
  const { rows } = await hotline.database.pool.query<{ text: string }>(
    'select text from turn where conversation_id = $1',
    [conversationId],
  )
  expect(rows.map(({ text }) => text)).not.toContain('市民已挂断。')
})
