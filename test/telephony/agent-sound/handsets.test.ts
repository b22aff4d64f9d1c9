/** An agent takes up a call with the telephone on the desk: over real SIP, RTP, sockets and a real database. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { HandsetTold, HandsetWhy } from '../../../contract/handset.ts'
import { skillsStore } from '../../../desk/skills.store.ts'
import { staff } from '../../../desk/staff.ts'
import { aHotline, type TestHotline } from '../../support/hotline.ts'
import { aCaller, aPhone, phoneToken, voiceHertz, type TestPhone } from '../../support/phone-peers.ts'
import { anAgent, until, type Agent } from '../../support/socket-clients.ts'
import { aDeskPhone } from './a-desk-phone.ts'

const secret = 'secret-of-8001'
let hotline: TestHotline
let phone: TestPhone
let agent: Agent
let told: HandsetTold[]
let numbers = 0
const closing: (() => unknown)[] = []
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } })
  const env = { SIP_USERS: `8001:${secret},8002:${secret}` }
  phone = await aPhone(hotline.url, { env, handset: { ringSeconds: 1, silentAfterMs: 1_500 } })
  const member = await hotline.aMember('agent')
  await staff(hotline.db).setExtension(member.staffId, '8001')
  agent = await anAgent(hotline.url, member)
  agent.socket.on('handset:told', (one: HandsetTold) => told.push(one))
  await until(() => phone.isLinked(), 'the link')
})
beforeEach(async () => {
  told = []
  await agent.must('presence:set', { state: 'online' })
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await until(() => phone.calls() === 0 && phone.held().beats === 0, 'nothing left')
})
afterAll(async () => {
  agent.close()
  await phone.close()
  await hotline.close()
})

async function aRegisteredPhone(behaviour: Parameters<typeof aDeskPhone>[3] = {}) {
  const desk = await aDeskPhone(phone.port, '8001', secret, behaviour)
  closing.push(() => desk.close())
  await desk.registered()
  return desk
}

/** A caller in this agent's hands, who hears the sound of waiting. */
async function aClaimedCaller() {
  const number = `1360014${String(1_000 + ++numbers)}`
  const caller = await aCaller(number)
  closing.push(() => caller.close())
  const call = await caller.ring(phone.uri)
  closing.push(() => call.hangUp())
  await until(() => call.hears(voiceHertz), 'the greeting')
  call.press('0')
  const waiting = await until(() => agent.queue()?.waiting[0], 'somebody in the queue')
  const { conversationId } = waiting
  await agent.must('conversation:claim', { conversationId })
  return { call, conversationId, number }
}
async function aTalk(behaviour: Parameters<typeof aDeskPhone>[3] = {}) {
  const desk = await aRegisteredPhone(behaviour)
  const made = await aClaimedCaller()
  await agent.must('handset:ring', { conversationId: made.conversationId })
  await until(() => states().includes('talking'), 'an answer')
  return { ...made, desk }
}
const states = () => told.map(({ state }) => state)
const whys = () => told.flatMap((one) => (one.state === 'down' ? one.why : []))
const downWith = (why: HandsetWhy) => until(() => whys().includes(why), `down: ${why}`)
async function stateOf(conversationId: string): Promise<unknown> {
  const { rows } = await hotline.database.pool.query('select state from conversation where id = $1', [conversationId])
  return rows[0]
}
async function eventsOf(conversationId: string): Promise<{ kind: string; detail: string | null }[]> {
  const { rows } = await hotline.database.pool.query<{ kind: string; detail: string | null }>(
    `select kind, detail from call_event e join call c on c.id = e.call_id where conversation_id = $1 order by seq`,
    [conversationId],
  )
  return rows
}
type Call = Awaited<ReturnType<typeof aClaimedCaller>>['call']
/** Notes that are neither a voice nor silence. */
const hearsMusic = async (call: Call) => {
  call.heard()
  await until(() => call.hears(523, 5) || call.hears(659, 5), 'the sound of waiting')
}

it.each(['PCMA', 'PCMU'] as const)('rings, is answered, and carries sound both ways in %s', async (codec) => {
  const { call, desk, conversationId, number } = await aTalk({ codec })
  expect(desk.calls[0]?.caller.displayName).toBe(`136****${number.slice(-4)}`)
  expect(states()).toEqual(['ringing', 'talking'])
  void call.tone(1_000, 2_000)
  await until(() => desk.hears(1_000), 'the caller at the desk phone')
  void desk.speak(700, 2_000)
  await until(() => call.hears(700), 'the agent at the caller’s telephone')
  expect(await agent.must('handset:look', {})).toMatchObject({
    extension: '8001',
    isRegistered: true,
    on: { conversationId, state: 'talking' },
  })
  await vi.waitFor(async () =>
    expect(await eventsOf(conversationId)).toContainEqual({ kind: 'person', detail: 'handset' }),
  )
})

it('lets the caller wait when the desk phone hangs up; the same agent takes the call up again, either way', async () => {
  const { call, desk, conversationId } = await aTalk()
  await desk.hangUp()
  await downWith('hung-up')
  await hearsMusic(call)
  expect(await stateOf(conversationId)).toEqual({ state: 'agent' })
  expect(call.ending()).toBeUndefined()

  await agent.must('handset:ring', { conversationId })
  await until(() => states().filter((state) => state === 'talking').length === 2, 'an answer again')
  void call.tone(1_000, 2_000)
  await until(() => desk.hears(1_000), 'the caller at the desk phone')

  const heard: Uint8Array[] = []
  agent.socket.on('audio:frame', (_: string, frame: Uint8Array) => heard.push(frame))
  await agent.must('audio:open', { conversationId })
  await downWith('put-down')
  await until(() => heard.length > 10, 'the caller in the headset')
  agent.socket.off('audio:frame')
  expect(desk.endings).toEqual(['local-bye', 'remote-bye'])
  await agent.must('audio:close', { conversationId })
})

it.each([
  ['busy', 486, 'busy'],
  ['declined', 603, 'declined'],
  ['not to be disturbed', 480, 'no-answer'],
  ['not picked up', 'rings', 'no-answer'],
  ['broken', 500, 'failed'],
] as const)('says why when the desk phone is %s, and the caller waits on for this agent', async (_, does, why) => {
  const desk = await aRegisteredPhone({ does })
  const { call, conversationId } = await aClaimedCaller()
  await agent.must('handset:ring', { conversationId })
  await downWith(why)
  await hearsMusic(call)
  expect(await stateOf(conversationId)).toEqual({ state: 'agent' })
  await until(() => desk.endings.length === 1, 'the end of the ringing')
  expect(states()).not.toContain('talking')
})

it('says that no desk phone is registered, or that none is set', async () => {
  const { conversationId } = await aClaimedCaller()
  expect(await agent.must('handset:look', {})).toEqual({ extension: '8001', isRegistered: false })
  await agent.must('handset:ring', { conversationId })
  await downWith('unregistered')
  const bare = await anAgent(hotline.url, await hotline.aMember('agent'))
  closing.push(() => bare.close())
  expect(await bare.must('handset:look', {})).toEqual({ isRegistered: false })
  expect(await bare.ask('handset:ring', { conversationId })).toMatchObject({ ok: false, code: 'not_your_conversation' })
})

it('lets consoles know when a desk phone comes and goes, and takes none with a wrong password', async () => {
  let changes = 0
  agent.socket.on('handset:changed', () => changes++)
  const stranger = await aDeskPhone(phone.port, '8001', 'a-guess-of-mine')
  closing.push(() => stranger.close())
  await stranger.refused()
  expect(changes).toBe(0)
  const desk = await aRegisteredPhone()
  await until(() => changes === 1, 'the news')
  expect(await agent.must('handset:look', {})).toMatchObject({ isRegistered: true })
  await desk.unregister()
  await until(() => changes === 2, 'the news')
  expect(await agent.must('handset:look', {})).toMatchObject({ isRegistered: false })
  agent.socket.off('handset:changed')
})

it('puts the audio down when the desk phone falls silent in mid-call', async () => {
  const { call, desk, conversationId } = await aTalk()
  void desk.speak(700, 500)
  await until(() => call.hears(700, 5), 'the agent')
  await desk.vanish()
  await downWith('vanished')
  await hearsMusic(call)
  expect(await stateOf(conversationId)).toEqual({ state: 'agent' })
  await until(() => desk.endings.includes('remote-bye'), 'goodbye to the desk phone')
})

it('says goodbye to the desk phone when the caller hangs up, talking or still ringing', async () => {
  const { call, desk } = await aTalk()
  call.hangUp()
  await until(() => desk.endings.includes('remote-bye'), 'goodbye')
  await desk.close()

  const ringing = await aRegisteredPhone({ does: 'rings' })
  const next = await aClaimedCaller()
  await agent.must('handset:ring', { conversationId: next.conversationId })
  await ringing.rang()
  next.call.hangUp()
  await until(() => ringing.endings.includes('cancelled'), 'the ringing taken back')
})

it.each(['call:hang-up', 'call:to-bot', 'handset:put-down'] as const)(
  'ends the desk phone’s part at %s',
  async (ask) => {
    const { call, desk, conversationId } = await aTalk()
    if (ask === 'call:to-bot') await agent.must(ask, { conversationId, summary: '转回智能客服接着答' })
    else await agent.must(ask, { conversationId })
    await until(() => desk.endings.includes('remote-bye'), 'goodbye to the desk phone')
    if (ask === 'call:hang-up') await until(() => call.ending(), 'the end of the call')
    else expect(call.ending()).toBeUndefined()
  },
)

it('ends it with the conversation', async () => {
  const { desk, conversationId } = await aTalk()
  await agent.must('conversation:close', { conversationId, summary: '已说明' })
  await until(() => desk.endings.includes('remote-bye'), 'goodbye to the desk phone')
})

it('gives the caller the sound of waiting while the desk phone or the console holds', async () => {
  const { call, desk, conversationId } = await aTalk()
  for (const direction of ['sendonly', 'inactive'] as const) {
    expect(await desk.hold(direction)).toMatchObject({ accepted: true })
    await until(() => states().at(-1) === 'held', 'news of the hold')
    await hearsMusic(call)
    expect(await desk.hold('sendrecv')).toMatchObject({ accepted: true })
    await until(() => states().at(-1) === 'resumed', 'news of the return')
    void desk.speak(700, 1_500)
    await until(() => call.hears(700), 'the agent again')
  }
  await agent.must('call:hold', { conversationId, on: true })
  await hearsMusic(call)
  desk.heard()
  void call.tone(1_000, 600)
  await pause(500)
  expect(desk.hears(1_000, 5)).toBe(false)
  await agent.must('call:hold', { conversationId, on: false })
  void call.tone(1_000, 2_000)
  await until(() => desk.hears(1_000), 'the caller again')
})

it('has one call at a time', async () => {
  // By default nobody is given a second call at all.
  await skillsStore(hotline.db).keepEverybodys({ phone: 2, web: 8, wechat: 8 })
  await aTalk()
  const second = await aClaimedCaller()
  await agent.must('handset:ring', { conversationId: second.conversationId })
  await downWith('busy')
})
