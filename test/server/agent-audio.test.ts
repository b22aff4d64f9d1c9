/** Whose sound is whose: consoles and phones speak with each other through the server, and only about calls of theirs. */
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { aPhoneWithCall } from '../journeys/phone-with-call.ts'
import { skillsStore } from '../../desk/skills.store.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { anAgent, until } from '../support/socket-clients.ts'

const phoneToken = randomBytes(12).toString('hex')
const sdp = 'v=0\r\n'
const address = { kind: 'candidate', candidate: 'candidate:1 1 UDP 1 192.0.2.1 9 typ host', mid: '0' }

let hotline: TestHotline
const closing: (() => unknown)[] = []
beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } })
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => hotline.close())

async function aMember() {
  return hotline.aMember('agent')
}

/** A console, and everything about sound that it was told. */
async function aConsole(member: Awaited<ReturnType<typeof aMember>>) {
  const agent = await anAgent(hotline.url, member)
  closing.push(() => agent.close())
  const told: { name: string; what: unknown }[] = []
  for (const name of ['peer:signal', 'audio:taken'])
    agent.socket.on(name, (what: unknown) => void told.push({ name, what }))
  await agent.must('presence:set', { state: 'online' })
  return {
    ...agent,
    told,
    signal: (conversationId: string, signal: object) => agent.ask('peer:signal', { conversationId, signal }),
  }
}

/** A caller on a phone process of their own, whom this console has claimed. */
async function aCallOf(agent: Awaited<ReturnType<typeof aConsole>>) {
  const phone = await aPhoneWithCall(hotline.url, phoneToken)
  closing.push(() => phone.close())
  const { conversationId } = phone
  await phone.must('person:ask', { conversationId })
  await agent.must('conversation:claim', { conversationId })
  return phone
}

it('passes a console’s signals to the phone that carries its call, and to no other phone', async () => {
  await skillsStore(hotline.db).keepEverybodys({ phone: 2, web: 8, wechat: 8 }) // by default one call at a time
  const agent = await aConsole(await aMember())
  const [mine, other] = [await aCallOf(agent), await aCallOf(agent)]
  const { conversationId } = mine
  await agent.must('audio:open', { conversationId })
  for (const signal of [{ kind: 'open', anew: true }, { kind: 'answer', sdp }, address, { kind: 'close' }])
    expect(await agent.signal(conversationId, signal)).toMatchObject({ ok: true })
  const consoleId = agent.socket.id
  await until(() => mine.heard('peer:signal').length === 4, 'four signals')
  expect(mine.heard('peer:signal')).toEqual(
    [{ kind: 'open', anew: true }, { kind: 'answer', sdp }, address, { kind: 'close' }].map((signal) => ({
      ...{ conversationId, consoleId, signal },
    })),
  )
  expect(other.heard('peer:signal')).toEqual([])

  await mine.must('peer:signal', { conversationId, consoleId, signal: { kind: 'offer', sdp } })
  await until(() => agent.told.length > 0, 'the offer')
  expect(agent.told).toEqual([
    { name: 'peer:signal', what: { conversationId, consoleId, signal: { kind: 'offer', sdp } } },
  ])
})

it('lets nobody signal about a call whose audio they have not taken up, nor a phone about another phone’s call', async () => {
  const [agent, colleague] = [await aConsole(await aMember()), await aConsole(await aMember())]
  const [phone, other] = [await aCallOf(agent), await aCallOf(colleague)]
  const { conversationId } = phone
  const refused = { ok: false, code: 'not_your_conversation' }
  expect(await agent.signal(conversationId, { kind: 'open', anew: true })).toMatchObject(refused)
  await agent.must('audio:open', { conversationId })
  expect(await colleague.signal(conversationId, { kind: 'open', anew: true })).toMatchObject(refused)
  expect(phone.heard('peer:signal')).toEqual([])

  const theirs = { conversationId, consoleId: agent.socket.id, signal: { kind: 'offer', sdp } }
  await expect(other.must('peer:signal', theirs)).rejects.toThrow('not_your_conversation')
  expect(agent.told).toEqual([])
  await colleague.must('audio:close', { conversationId })
  await agent.signal(conversationId, address)
  await until(() => phone.heard('peer:signal').length === 1, 'a signal')
  expect(phone.heard('audio:closed')).toEqual([])
})

it.each([
  ['a description of 8,001 characters', { kind: 'answer', sdp: 'v'.repeat(8_001) }],
  ['no description', { kind: 'answer' }],
  ['an empty description', { kind: 'answer', sdp: '' }],
  ['an address of 501 characters', { ...address, candidate: 'c'.repeat(501) }],
  ['an address with a long line', { ...address, mid: '0'.repeat(17) }],
  ['an offer, which is the phone’s to make', { kind: 'offer', sdp }],
  ['a signal that nobody knows', { kind: 'rewind' }],
  ['a signal with more in it', { kind: 'close', host: '192.0.2.1' }],
])('refuses %s', async (_, signal) => {
  const agent = await aConsole(await aMember())
  const phone = await aCallOf(agent)
  const { conversationId } = phone
  await agent.must('audio:open', { conversationId })
  expect(await agent.signal(conversationId, signal)).toMatchObject({ ok: false, code: 'invalid_input' })
  expect(phone.heard('peer:signal')).toEqual([])
})

it('takes what is just long enough', async () => {
  const agent = await aConsole(await aMember())
  const phone = await aCallOf(agent)
  const { conversationId } = phone
  await agent.must('audio:open', { conversationId })
  await agent.signal(conversationId, { kind: 'answer', sdp: 'v'.repeat(8_000) })
  await agent.signal(conversationId, { ...address, candidate: 'c'.repeat(500) })
  await until(() => phone.heard('peer:signal').length === 2, 'both')
})

it('gives a call’s audio to the console that took it up last, tells the earlier one, and hears it no more', async () => {
  const member = await aMember()
  const [early, late] = [await aConsole(member), await aConsole(member)]
  const phone = await aCallOf(early)
  const { conversationId } = phone
  await early.must('audio:open', { conversationId })
  await late.must('audio:open', { conversationId })
  await until(() => early.told.length > 0, 'the news')
  expect(early.told).toEqual([{ name: 'audio:taken', what: { conversationId } }])
  expect(late.told).toEqual([])
  expect(await early.signal(conversationId, { kind: 'open', anew: true })).toMatchObject({
    code: 'not_your_conversation',
  })

  const frame = (byte: number) => Buffer.alloc(160, byte)
  early.socket.emit('audio:frame', conversationId, frame(1))
  late.socket.emit('audio:frame', conversationId, frame(2))
  await until(() => phone.frames.length > 0, 'a frame')
  await early.must('audio:close', { conversationId })
  early.close()
  late.socket.emit('audio:frame', conversationId, frame(3))
  await until(() => phone.frames.length > 1, 'another frame')
  expect(phone.frames.map((one) => one[0])).toEqual([2, 3])
  expect(phone.heard('audio:closed')).toEqual([])
})

it('tells the phones when a console is gone', async () => {
  const agent = await aConsole(await aMember())
  const phone = await aCallOf(agent)
  const consoleId = agent.socket.id
  await agent.must('audio:open', { conversationId: phone.conversationId })
  agent.close()
  await until(() => phone.heard('audio:closed').length > 0, 'the end of the audio')
  expect(phone.heard('console:gone')).toContainEqual({ consoleId })
})
