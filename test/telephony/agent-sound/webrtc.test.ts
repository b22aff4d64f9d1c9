/** The phone's peer connections with the real library at both ends; the server between them is played by the test. */
import { createSocket } from 'node:dgram'
import { EventEmitter } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import * as library from 'node-datachannel'
import { afterEach, expect, it } from 'vitest'
import type { PhoneNews, PhoneAsked } from '../../../contract/phone-events.ts'
import type { ConsoleSignal, PhoneSignal } from '../../../contract/peer-signal.ts'
import { agentLegs } from '../../../telephony/agent-sound/agent-legs.ts'
import { webrtc, type Webrtc } from '../../../telephony/agent-sound/webrtc-library.ts'
import { webrtcPeers } from '../../../telephony/agent-sound/webrtc-peers.ts'
import { monotonicClock } from '../../../telephony/rtp/clock.ts'
import { readRtp, writeRtp } from '../../../telephony/rtp/rtp-packet.ts'
import { readPhoneSettings } from '../../../telephony/settings.ts'
import { quietLog } from '../../support/phone-peers.ts'

const host = '127.0.0.1'
const voice = (byte: number) => new Uint8Array(160).fill(byte)
const patience = { timeout: 15_000 }
const settings = { WEBRTC: 'on', WEBRTC_HOST: host, WEBRTC_PORT: 0, SIP_HOST: host } as const

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

type Told = PhoneAsked['peer:signal']

/** The phone's side, with every call of these conversations up. */
function aPhoneSide(ready: Webrtc, up: readonly string[]) {
  const told: Told[] = []
  const news = new EventEmitter()
  const overLink: string[] = []
  const toCall: { conversationId: string; alaw: Uint8Array }[] = []
  let listen: (told: Told) => void = () => undefined
  const legs = agentLegs({
    isUp: (id) => up.includes(id),
    overLink: (id) => void overLink.push(id),
    toCall: (conversationId, alaw) => void toCall.push({ conversationId, alaw }),
  })
  const peers = webrtcPeers({
    ...{ webrtc: ready, legs, clock: monotonicClock, log: quietLog },
    on: (name, handle) => void news.on(name, handle),
    send(what) {
      told.push(what)
      listen(what)
      return Promise.resolve()
    },
  })
  closing.push(() => peers.close())
  const hear = <N extends keyof PhoneNews>(name: N, what: Parameters<PhoneNews[N]>[0]) => void news.emit(name, what)
  return {
    ...{ peers, legs, told, overLink, toCall, hear },
    onTold: (listener: (told: Told) => void) => void (listen = listener),
    kinds: (consoleId: string) => told.filter((one) => one.consoleId === consoleId).map(({ signal }) => signal.kind),
  }
}
type PhoneSide = ReturnType<typeof aPhoneSide>

/** A console's browser, played by the same library. It answers what it is offered. */
function aConsole(phone: PhoneSide, consoleId: string, conversationId: string) {
  const peer = new library.PeerConnection(consoleId, { iceServers: [], bindAddress: host })
  let answer: ConsoleSignal | undefined
  const heard: Uint8Array[] = []
  let track: library.Track | undefined
  let sequence = 0
  let offered = ''
  const say = (signal: ConsoleSignal) => phone.hear('peer:signal', { consoleId, conversationId, signal })
  // The addresses overtake the answer, as they may on their way through a server that asks a database each time.
  peer.onLocalDescription((sdp, type) => void (answer = type === 'answer' ? { kind: 'answer', sdp } : undefined))
  peer.onLocalCandidate((candidate, mid) => {
    say({ kind: 'candidate', candidate, mid })
    if (answer) say(answer)
    answer = undefined
  })
  peer.onTrack((given) => {
    track = given
    given.setMediaHandler(new library.RtcpReceivingSession())
    given.onMessage((datagram) => {
      const packet = readRtp(datagram)
      if (packet?.payloadType === 8) heard.push(Uint8Array.from(packet.payload))
    })
  })
  closing.push(() => peer.close())
  return {
    say,
    heard,
    offered: () => offered,
    take(signal: PhoneSignal) {
      if (signal.kind === 'offer') {
        offered = signal.sdp
        peer.setRemoteDescription(signal.sdp, 'offer')
      } else if (signal.kind === 'candidate') peer.addRemoteCandidate(signal.candidate, signal.mid)
    },
    speak(alaw: Uint8Array) {
      if (!track?.isOpen()) return
      const header = {
        marker: false,
        payloadType: 8,
        sequence: sequence++ & 0xffff,
        timestamp: sequence * 160,
        ssrc: 7,
      }
      track.sendMessageBinary(Buffer.from(writeRtp(header, alaw)))
    },
    close: () => peer.close(),
  }
}

it('carries a call both ways, keeps the connection for the next call, and offers PCMA alone', async () => {
  const phone = aPhoneSide(await webrtc(settings), ['first', 'second'])
  const one = aConsole(phone, 'one', 'first')
  phone.onTold(({ signal }) => one.take(signal))
  phone.legs.send('first', voice(1))
  expect(phone.overLink).toEqual(['first'])
  one.say({ kind: 'open', anew: true })
  await expect.poll(() => phone.kinds('one').at(-1), patience).toBe('bound')
  expect(one.offered().match(/a=rtpmap:.*/g)).toEqual(['a=rtpmap:8 PCMA/8000/1'])

  phone.legs.send('first', voice(2))
  one.speak(voice(3))
  await expect.poll(() => one.heard.at(-1)?.[0], patience).toBe(2)
  await expect.poll(() => phone.toCall.at(-1), patience).toEqual({ conversationId: 'first', alaw: voice(3) })
  expect(phone.overLink).toEqual(['first'])

  phone.hear('audio:closed', { conversationId: 'first' })
  expect([phone.legs.bound(), phone.peers.count()]).toEqual([0, 1])
  const before = phone.told.length
  phone.hear('peer:signal', { consoleId: 'one', conversationId: 'second', signal: { kind: 'open', anew: false } })
  expect(phone.told.slice(before)).toEqual([{ consoleId: 'one', conversationId: 'second', signal: { kind: 'bound' } }])
  phone.legs.send('second', voice(4))
  await expect.poll(() => one.heard.at(-1)?.[0], patience).toBe(4)

  phone.hear('console:gone', { consoleId: 'one' })
  expect([phone.legs.bound(), phone.peers.count(), phone.kinds('one').at(-1)]).toEqual([0, 0, 'closed'])
})

it('gives the call back to the link when the console, whose browser always sends, is not heard', async () => {
  const phone = aPhoneSide(await webrtc(settings), ['call'])
  const one = aConsole(phone, 'one', 'call')
  phone.onTold(({ signal }) => one.take(signal))
  one.say({ kind: 'open', anew: true })
  await expect.poll(() => phone.legs.bound(), patience).toBe(1)
  one.close()
  const caller = setInterval(() => phone.legs.send('call', voice(1)), 20)
  closing.push(() => clearInterval(caller))
  await expect.poll(() => phone.overLink.length, patience).toBeGreaterThan(0)
  expect(phone.peers.count()).toBe(0)
  expect(phone.kinds('one').filter((kind) => kind === 'closed')).toHaveLength(1)
})

it('holds thirty consoles on one port, and none when they are gone', async () => {
  const port = await aFreePort()
  const calls = Array.from({ length: 30 }, (_, i) => `call-${i}`)
  const phone = aPhoneSide(await webrtc({ ...settings, WEBRTC_PORT: port }), calls)
  const consoles = calls.map((call, i) => aConsole(phone, `console-${i}`, call))
  phone.onTold(({ consoleId, signal }) => consoles[Number(consoleId.slice(8))]?.take(signal))
  consoles.forEach((one) => one.say({ kind: 'open', anew: true }))
  await expect.poll(() => phone.legs.bound(), patience).toBe(30)
  calls.forEach((call, i) => phone.legs.send(call, voice(i)))
  await expect.poll(() => consoles.map((one) => one.heard.at(-1)?.[0]), patience).toEqual(calls.map((_, i) => i))
  expect(phone.told.every(({ signal }) => signal.kind !== 'candidate' || signal.candidate.includes(` ${port} `))).toBe(
    true,
  )

  calls.forEach((_, i) => phone.hear('console:gone', { consoleId: `console-${i}` }))
  expect([phone.peers.count(), phone.legs.bound()]).toEqual([0, 0])
  await expect.poll(() => isFree(port), patience).toBe(true)
}, 150_000)

it('keeps its addresses to itself until the answer is taken', async () => {
  const phone = aPhoneSide(await webrtc(settings), ['call'])
  const one = aConsole(phone, 'one', 'call')
  const held: PhoneSignal[] = []
  phone.onTold(({ signal }) => void held.push(signal))
  one.say({ kind: 'open', anew: true })
  await setTimeout(300) // addresses are found at once
  expect(held.map(({ kind }) => kind)).toEqual(['offer'])
  phone.onTold(({ signal }) => one.take(signal))
  held.forEach((signal) => one.take(signal))
  await expect.poll(() => phone.legs.bound(), patience).toBe(1)
  expect(phone.kinds('one')).toEqual(['offer', 'candidate', 'bound'])
})

it('names the public address beside its own where the operator gave one', async () => {
  const phone = aPhoneSide(await webrtc({ ...settings, WEBRTC_PUBLIC_IP: '203.0.113.7' }), ['call'])
  const one = aConsole(phone, 'one', 'call')
  phone.onTold(({ signal }) => one.take(signal))
  one.say({ kind: 'open', anew: true })
  const addresses = () =>
    phone.told.flatMap(({ signal }) => (signal.kind === 'candidate' ? [signal.candidate.split(' ').slice(4, 6)] : []))
  await expect.poll(() => addresses().length, patience).toBe(2)
  const [own, world] = addresses()
  expect(own?.[0]).toBe(host)
  expect(world).toEqual(['203.0.113.7', own?.[1]])
})

it('outlives whatever a console says, and tells it that there is no direct way', async () => {
  const phone = aPhoneSide(await webrtc(settings), ['call'])
  const nonsense = [
    'v=0',
    '\r\n'.repeat(900),
    'm=audio 9 UDP/TLS/RTP/SAVPF 8\r\na=mid:0',
    '\u0000',
    'a=ssrc:x'.repeat(900),
  ]
  for (const [i, sdp] of nonsense.entries()) {
    const about = { consoleId: `one-${i}`, conversationId: 'call' }
    phone.hear('peer:signal', { ...about, signal: { kind: 'candidate', candidate: 'candidate:early', mid: '0' } })
    phone.hear('peer:signal', { ...about, signal: { kind: 'open', anew: true } })
    phone.hear('peer:signal', { ...about, signal: { kind: 'candidate', candidate: sdp.slice(0, 400), mid: 'x' } })
    phone.hear('peer:signal', { ...about, signal: { kind: 'answer', sdp } })
    phone.hear('peer:signal', { ...about, signal: { kind: 'answer', sdp } })
    phone.hear('peer:signal', { ...about, signal: { kind: 'close' } })
    expect(phone.kinds(about.consoleId).at(-1)).toBe('closed')
  }
  expect([phone.peers.count(), phone.legs.bound()]).toEqual([0, 0])
})

it.each([
  ['switched off', async () => webrtc({ ...settings, WEBRTC: 'off' }), undefined],
  ['no library', async () => webrtc(settings, () => Promise.reject(new Error('no binary'))), /webrtc_unavailable/],
  ['a taken port', async () => webrtc({ ...settings, WEBRTC_PORT: await aTakenPort() }), /webrtc_port_taken/],
  ['no such address', async () => webrtc({ ...settings, WEBRTC_HOST: '192.0.2.1', WEBRTC_PORT: 20_000 }), /unusable/],
] as const)('refuses at once, and says why in one line: %s', async (_, make, line) => {
  const ready = await make()
  const told = ready.library ? undefined : ready.told
  if (line) expect(told).toMatch(line)
  else expect(told).toBeUndefined()
  const phone = aPhoneSide(ready, ['call'])
  phone.hear('peer:signal', { consoleId: 'one', conversationId: 'call', signal: { kind: 'open', anew: true } })
  expect(phone.kinds('one')).toEqual(['closed'])
  phone.legs.send('call', voice(1))
  expect(phone.overLink).toEqual(['call'])
})

it.each([
  ['WEBRTC', 'maybe'],
  ['WEBRTC_HOST', 'localhost'],
  ['WEBRTC_PORT', '70000'],
  ['WEBRTC_PUBLIC_IP', 'hotline.example'],
])('names %s when it cannot be %s', (name, value) => {
  const read = readPhoneSettings({ PHONE_TOKEN: 'a-token-of-the-tests', [name]: value })
  expect('refused' in read && read.refused).toEqual([expect.stringContaining(`配置 ${name} 有误`)])
})

function bound(port: number): Promise<ReturnType<typeof createSocket>> {
  const socket = createSocket('udp4')
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(port, host, () => resolve(socket))
  })
}
const isFree = (port: number) =>
  bound(port).then(
    (socket) => (socket.close(), true),
    () => false,
  )
async function aFreePort(): Promise<number> {
  const socket = await bound(0)
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(resolve))
  return port
}
async function aTakenPort(): Promise<number> {
  const socket = await bound(0)
  closing.push(() => socket.close())
  return socket.address().port
}
