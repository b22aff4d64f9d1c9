import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { alawSilence } from '../../../telephony/rtp/g711.ts'
import { keyEvents, writeKeyEvent } from '../../../telephony/rtp/key-press.ts'
import { portPool } from '../../../telephony/rtp/port-pool.ts'
import { readRtp, writeRtp } from '../../../telephony/rtp/rtp-packet.ts'
import { aCall, aPacer, aSession, host, remoteAt } from './a-session.ts'
import { fakeClock } from './fake-clock.ts'
import { aTone, isSounding, shareOf } from './tone.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function call(...wishes: Parameters<typeof aCall>) {
  const made = await aCall(...wishes)
  closing.push(made.close)
  return made
}

async function session(...wishes: Parameters<typeof aSession>) {
  const made = await aSession(...wishes)
  closing.push(() => made.session.close())
  return made
}

/** A sender of packets by hand. */
async function aPhone(address = host) {
  const socket = createSocket('udp4')
  const heard: Uint8Array[] = []
  socket.on('message', (datagram) => heard.push(datagram))
  socket.on('error', () => {})
  socket.bind(0, address)
  await once(socket, 'listening')
  closing.push(() => closed(socket))
  let sequence = 0
  const ssrc = socket.address().port
  const send = (port: number, payload: Uint8Array, fields: { payloadType?: number; marker?: boolean } = {}) => {
    const header = { marker: false, payloadType: 8, sequence, timestamp: sequence * 160, ssrc, ...fields }
    socket.send(writeRtp(header, payload), port, host)
    sequence = (sequence + 1) & 0xffff
  }
  return { port: socket.address().port, heard, send }
}

async function closed(socket: Socket): Promise<void> {
  socket.close()
  await once(socket, 'close')
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 20 })
const loud = aTone(1_000, 20)

describe('two ends of a call', () => {
  it.each(['PCMA', 'PCMU'] as const)('hear each other in %s, a second of tone, whole', async (name) => {
    const payload = name === 'PCMA' ? 8 : 0
    const { here, there } = await call({ pacer: aPacer() }, { codecs: [{ name, payload }] })
    const spoken = here.session.player.play([{ name: 'low', audio: aTone(400, 1_000) }])
    void there.session.player.play([{ name: 'high', audio: aTone(1_000, 1_000) }])
    expect(await spoken).toEqual([{ name: 'low', sentMs: 1_000, lengthMs: 1_000, isWhole: true }])
    await until(() => expect(there.frames.length).toBeGreaterThanOrEqual(55))

    const sounding = (frames: Uint8Array[]) => frames.filter(isSounding)
    expect(sounding(there.frames).length).toBeGreaterThanOrEqual(49)
    expect(shareOf(400, sounding(there.frames))).toBeGreaterThan(0.9)
    expect(shareOf(1_000, sounding(there.frames))).toBeLessThan(0.05)
    expect(shareOf(1_000, sounding(here.frames))).toBeGreaterThan(0.9)
    expect(here.session.stats()).toMatchObject({ lost: 0, strangers: 0, unreadable: 0, isLocked: true })
    expect([...here.faults, ...there.faults]).toEqual([])
  })

  it('hand A-law payloads on untouched as they arrive', async () => {
    const { here, there } = await call({ pacer: aPacer() })
    const audio = aTone(700, 200)
    await here.session.player.play([{ name: 'tone', audio }])
    await until(() => expect(there.arrived.filter(isSounding)).toHaveLength(10))
    const sound = there.arrived.filter(isSounding).flatMap((frame) => [...frame])
    expect(sound).toEqual([...audio])
  })

  it('hear a live voice, and prepared speech before it', async () => {
    const { here, there } = await call({ pacer: aPacer() })
    const speaking = setInterval(() => here.session.send(aTone(1_000, 20)), 20)
    closing.push(() => clearInterval(speaking))
    await until(() => expect(shareOf(1_000, there.frames.slice(-5))).toBeGreaterThan(0.8))
    await here.session.player.play([{ name: 'notice', audio: aTone(400, 400) }])
    expect(shareOf(400, there.frames.slice(-10))).toBeGreaterThan(0.5)
  })

  it('hear each key once, by RTP and by INFO', async () => {
    const { here, there } = await call({ pacer: aPacer() })
    await until(() => expect(there.frames.length).toBeGreaterThan(3))
    for (const key of ['1', '2', '#'] as const) here.session.press(key)
    await until(() => expect(there.pressed).toEqual(['1', '2', '#']))
    expect(there.session.info('application/dtmf-relay', 'Signal=#\r\nDuration=100')).toBe(true)
    expect(there.session.info('application/dtmf', '9')).toBe(true)
    expect(there.session.info('text/plain', '9')).toBe(false)
    expect(there.pressed).toEqual(['1', '2', '#', '9'])
  })
})

describe('the line', () => {
  it('carries comfort silence when nothing plays, in one stream without gaps', async () => {
    const phone = await aPhone()
    const { session: media } = await session({ pacer: aPacer() })
    media.setRemote(remoteAt(phone.port))
    await until(() => expect(phone.heard.length).toBeGreaterThan(10))
    void media.player.play([{ name: 'tone', audio: aTone(400, 100) }])
    await until(() => expect(phone.heard.length).toBeGreaterThan(25))
    const packets = phone.heard.map((datagram) => readRtp(datagram)!)
    expect(packets[0]).toMatchObject({ marker: true, payloadType: 8 })
    expect(packets[0]!.payload.every((byte) => byte === alawSilence)).toBe(true)
    expect(new Set(packets.map(({ ssrc }) => ssrc)).size).toBe(1)
    for (const [i, packet] of packets.entries()) {
      const before = packets[i - 1]
      if (before) expect((packet.sequence - before.sequence) & 0xffff).toBe(1)
    }
    expect(packets.filter(({ marker }) => marker)).toHaveLength(2)
  })

  it('is silent on hold or carries its music, and neither voice nor speech passes; keys do', async () => {
    const { here, there } = await call({ pacer: aPacer() })
    const notice = here.session.player.play([{ name: 'notice', audio: aTone(400, 3_000) }])
    await until(() => expect(there.frames.length).toBeGreaterThan(10))
    here.session.hold(aTone(1_000, 500))
    void there.session.player.play([{ name: 'voice', audio: aTone(700, 3_000) }])
    await until(() => expect(shareOf(1_000, there.frames.slice(-10))).toBeGreaterThan(0.9))
    const [frames, arrived] = [here.frames.length, here.arrived.length]
    there.session.press('5')
    await until(() => expect(here.pressed).toEqual(['5']))
    expect([here.frames.length, here.arrived.length]).toEqual([frames, arrived])
    here.session.unhold()
    await until(() => expect(shareOf(400, there.frames.slice(-10))).toBeGreaterThan(0.9))
    await until(() => expect(here.frames.length).toBeGreaterThan(frames))
    here.session.player.stop()
    expect((await notice)[0]).toMatchObject({ name: 'notice', isWhole: false })
  })

  it('sends nothing while the other end wants nothing, and time runs on', async () => {
    const phone = await aPhone()
    const { session: media } = await session({ pacer: aPacer() })
    media.setRemote(remoteAt(phone.port))
    await until(() => expect(phone.heard.length).toBeGreaterThan(3))
    media.setRemote(remoteAt(phone.port, { direction: 'inactive' }))
    const { sent } = media.stats()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(media.stats().sent).toBe(sent)
    media.setRemote(remoteAt(phone.port))
    await until(() => expect(phone.heard.length).toBeGreaterThan(sent + 2))
    const [before, after] = [readRtp(phone.heard[sent - 1]!)!, readRtp(phone.heard[sent]!)!]
    expect((after.sequence - before.sequence) & 0xffff).toBe(1)
    expect((after.timestamp - before.timestamp) >>> 0).toBeGreaterThan(160)
  })

  it('moves to another place at a re-INVITE, and leaves the first alone', async () => {
    const [first, second] = [await aPhone(), await aPhone()]
    const { session: media, arrived } = await session({ pacer: aPacer() })
    media.setRemote(remoteAt(first.port))
    await until(() => expect(first.heard.length).toBeGreaterThan(3))
    media.setRemote(remoteAt(second.port))
    await until(() => expect(second.heard.length).toBeGreaterThan(3))
    const left = first.heard.length
    first.send(media.localPort, loud)
    second.send(media.localPort, aTone(400, 20))
    await until(() => expect(arrived.length).toBeGreaterThan(0))
    await until(() => expect(second.heard.length).toBeGreaterThan(8))
    expect(arrived).toHaveLength(1)
    expect(first.heard.length).toBeLessThanOrEqual(left + 1)
  })

  it('tells once that the caller has gone silent, and not while he need not speak', async () => {
    const clock = fakeClock()
    const phone = await aPhone()
    const { session: media, silences } = await session({ pacer: aPacer(clock), clock })
    media.setRemote(remoteAt(phone.port))
    clock.pass(29_900)
    expect(silences).toHaveLength(0)
    clock.pass(31_000)
    expect(silences).toHaveLength(1)
    media.setRemote(remoteAt(phone.port, { direction: 'sendonly' }))
    phone.send(media.localPort, loud)
    await until(() => expect(media.stats().received).toBe(1))
    clock.pass(120_000)
    expect(silences).toHaveLength(1)
    media.setRemote(remoteAt(phone.port))
    clock.pass(31_000)
    expect(silences).toHaveLength(2)
  })
})

describe('a stranger', () => {
  const pressOf5 = writeKeyEvent(keyEvents('5')[0]!)

  it('who floods the port before, during and after hears nothing and injects nothing', async () => {
    const stranger = await aPhone()
    const made = await aCall({ pacer: aPacer() })
    const { here, there } = made
    const flood = (count: number) => {
      for (let i = 0; i < count; i++) {
        stranger.send(here.session.localPort, loud)
        stranger.send(here.session.localPort, pressOf5, { payloadType: 101, marker: true })
        stranger.send(here.session.localPort, new Uint8Array(i % 40))
      }
    }
    const fresh = await session({ pacer: aPacer() })
    for (let i = 0; i < 50; i++) stranger.send(fresh.session.localPort, loud)
    await until(() => expect(fresh.session.stats().strangers).toBeGreaterThan(0))
    const early = fresh.session.stats().strangers

    const speaking = there.session.player.play([{ name: 'voice', audio: aTone(400, 800) }])
    const flooding = setInterval(() => flood(50), 5)
    await speaking
    clearInterval(flooding)
    await until(() => expect(here.frames.length).toBeGreaterThanOrEqual(40))
    expect(shareOf(400, here.frames.filter(isSounding))).toBeGreaterThan(0.9)
    expect(shareOf(1_000, here.frames)).toBeLessThan(0.01)
    expect(here.pressed).toEqual([])
    expect(here.session.stats()).toMatchObject({ doubled: 0, malformed: 0 })

    await made.close()
    flood(50)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(early).toBeGreaterThan(0)
    expect(fresh.arrived).toEqual([])
    expect(stranger.heard).toEqual([])
  })

  it('is neither heard nor answered while the caller behind address translation is being found', async () => {
    const [caller, stranger] = [await aPhone(), await aPhone('127.0.0.2')]
    const { session: media, arrived } = await session({ pacer: aPacer() })
    // The SDP names an address from inside; signalling came from 127.0.0.1.
    media.setRemote(remoteAt(9, { host: '127.0.0.3', signallingHost: host }))
    for (let i = 0; i < 30; i++) {
      stranger.send(media.localPort, aTone(400, 20))
      if (i < 4) caller.send(media.localPort, loud)
    }
    await until(() => expect(media.stats()).toMatchObject({ strangers: 30, onTrial: 4, isLocked: false }))
    caller.send(media.localPort, loud)
    await until(() => expect(media.stats()).toMatchObject({ isLocked: true, isLearned: true }))
    await until(() => expect(caller.heard.length).toBeGreaterThan(3))
    expect(arrived.map((frame) => [...frame])).toEqual([[...loud]])
    expect(stranger.heard).toEqual([])
  })
})

describe('ports', () => {
  it('come from the range, even ones, and go back to the end of the line', async () => {
    const taken = await session({ pacer: aPacer() })
    const busy = taken.session.localPort - (taken.session.localPort % 2)
    const ports = portPool({ from: busy, to: busy + 5 })
    expect([ports.take(), ports.take(), ports.take(), ports.take()]).toEqual([busy, busy + 2, busy + 4, undefined])
    ports.giveBack(busy + 2)
    ports.giveBack(busy + 2)
    ports.giveBack(busy)
    expect([ports.take(), ports.take(), ports.take()]).toEqual([busy + 2, busy, undefined])
  })

  it('that somebody else uses are passed over, and none at all is said so', async () => {
    const pacer = aPacer()
    let other = await session({ pacer })
    while (other.session.localPort % 2 !== 0) other = await session({ pacer })
    const taken = other.session.localPort
    const ports = portPool({ from: taken, to: taken })
    await expect(aSession({ pacer, ports })).rejects.toMatchObject({ code: 'not_ready' })
    await expect(aSession({ pacer, ports })).rejects.toMatchObject({ code: 'not_ready' })
    expect(ports.taken()).toBe(0)
    await other.session.close()
    const mine = await session({ pacer, ports })
    expect(mine.session.localPort).toBe(taken)
  })
})

it('leaves no socket, no timer and no port behind after 300 calls that ended in every way', async () => {
  const pacer = aPacer()
  const ports = portPool()
  const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind.startsWith('UDP')).length
  // Node counts a socket for a moment longer than it is open.
  await until(() => expect(sockets()).toBe(0))

  const ends: ((made: Awaited<ReturnType<typeof aCall>>) => void)[] = [
    () => {},
    ({ here }) => void here.session.player.play([{ name: 'speech', audio: loud }]),
    ({ here }) => here.session.hold(loud),
    ({ here }) => here.session.player.pause(),
    ({ here, there }) => here.session.setRemote(remoteAt(there.session.localPort, { direction: 'inactive' })),
    ({ here }) => here.session.setRemote(remoteAt(9)), // nobody listens there
    ({ here }) => here.session.setRemote(remoteAt(0, { host: '0.0.0.0', direction: 'inactive' })),
    ({ here }) => here.session.setRemote(remoteAt(5_004, { host: 'phone.invalid', signallingHost: host })),
    ({ there }) => void there.session.close(), // the peer crashes
    ({ here }) => here.session.press('5'),
    ({ here }) => void here.session.close(), // closed twice
  ]
  for (let round = 0; round < 10; round++) {
    const calls = await Promise.all(Array.from({ length: 15 }, () => aCall({ pacer, ports })))
    await until(() => expect(sockets()).toBe(30))
    await Promise.all(
      calls.filter((_, i) => i % 2).map((made) => until(() => expect(made.here.frames.length).toBeGreaterThan(1))),
    )
    calls.forEach((made, i) => ends[(round * 15 + i) % ends.length]?.(made))
    await Promise.all(calls.map((made) => made.close()))
    expect(calls.flatMap(({ here, there }) => [...here.faults, ...there.faults])).toEqual([])
  }
  await until(() => expect(sockets()).toBe(0))
  expect(pacer.stats().members).toBe(0)
  expect(ports.taken()).toBe(0)
})
