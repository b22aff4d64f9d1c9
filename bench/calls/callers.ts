/**
 * Everybody who rings, in a process of their own: real SIP (INVITE, 200, ACK, BYE) and RTP both ways. It is told what
 * to do in messages and answers each with what came of it.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { monotonicClock } from '../../telephony/rtp/clock.ts'
import type { Key } from '../../telephony/rtp/key-press.ts'
import { pacer } from '../../telephony/rtp/pacer.ts'
import { makeOffer } from '../../telephony/sip/sdp.ts'
import { userAgent } from '../../telephony/sip/user-agent.ts'
import { percentile } from '../figures.ts'
import { rtpPeer, type RtpPeer } from './rtp-peer.ts'
import { speech } from './speech.ts'

export type CallersAsk =
  | { kind: 'ring'; uri: string; calls: number; perSecond: number }
  | { kind: 'stream'; ports: number[] }
  | { kind: 'measure'; seconds: number; keys: boolean }
  | { kind: 'hang-up' }
  | { kind: 'ask'; uri: string; calls: number; perSecond: number; utterance: Uint8Array }
export type Timed = {
  frames: number
  lost: number
  onTimeShare: number
  jitterP50Ms: number
  jitterP99Ms: number
  keysSent: number
}
export type CallersTold =
  | { kind: 'rung'; pickupMs: number[]; greetingMs: number[]; failed: number }
  | { kind: 'streaming' }
  | ({ kind: 'timed' } & Timed)
  | { kind: 'hung-up'; endedEarly: number }
  | { kind: 'asked'; answerMs: number[]; unanswered: number }

type OnTheLine = { peer: RtpPeer; pickupMs: number; greetingMs: number; isEnded: () => boolean; hangUp: () => void }

const host = '127.0.0.1'
const onTimeWithinMs = 10
const quietMs = 900
const patienceMs = 60_000
/** A code, one of what it found, and then the answer over and over: what is pressed each five seconds. */
const pressed: readonly Key[][] = [['9', '3', '5', '9', '#'], ['1']]
const pressEveryMs = 5_000
const again: Key[] = ['*']
/** Keys of the last seconds could be on their way when they are counted. */
const noKeysWithinMs = 2_000

const fail = (error: unknown) => {
  throw error
}
const clock = monotonicClock
const beat = pacer(clock, fail)
const agent = userAgent({
  bind: { host, port: 0 },
  users: () => undefined,
  trunks: [],
  anonymous: 'private',
  capacity: () => 'open',
  log: { info: () => {}, warn: () => {}, error: fail },
})
await agent.start()
let lines: OnTheLine[] = []
let streams: RtpPeer[] = []
let numbers = 0

/** @returns undefined when nobody picked up. */
async function ring(uri: string, murmur: Uint8Array): Promise<OnTheLine | undefined> {
  const peer = await rtpPeer({ host, pacer: beat, clock, murmur })
  peer.listen(true)
  const number = `138${String(++numbers).padStart(8, '0')}`
  const rungMs = clock.nowMs()
  const call = agent.dial({
    target: uri,
    sdp: makeOffer({ host, port: peer.port, sessionId: 1, version: 1 }),
    from: { uri: `sip:${number}@${host}` },
  })
  const outcome = await call.outcome
  const pickupMs = clock.nowMs() - rungMs
  const port = outcome.answered ? outcome.remote.audio?.port : undefined
  if (port === undefined) {
    await peer.close()
    return undefined
  }
  const greeting = peer.nextSound()
  await peer.talkTo(port)
  const greetingMs = (await Promise.race([greeting, wait(patienceMs, Infinity)])) - rungMs
  return { peer, pickupMs, greetingMs, isEnded: () => call.isEnded(), hangUp: () => call.bye() }
}

async function ringAll({ uri, calls, perSecond }: Extract<CallersAsk, { kind: 'ring' }>): Promise<CallersTold> {
  const murmur = speech(6_000)
  const ringing: Promise<OnTheLine | undefined>[] = []
  for (let at = 0; at < calls; at++) {
    ringing.push(ring(uri, murmur))
    await wait(1_000 / perSecond)
  }
  lines = (await Promise.all(ringing)).filter((line) => line !== undefined)
  for (const { peer } of lines) peer.listen(false)
  streams = lines.map(({ peer }) => peer)
  const [pickupMs, greetingMs] = [lines.map((line) => line.pickupMs), lines.map((line) => line.greetingMs)]
  return { kind: 'rung', pickupMs, greetingMs, failed: calls - lines.length }
}

async function stream(ports: readonly number[]): Promise<CallersTold> {
  const murmur = speech(6_000)
  streams = await Promise.all(ports.map(() => rtpPeer({ host, pacer: beat, clock, murmur })))
  await Promise.all(streams.map((peer, at) => peer.talkTo(ports[at] ?? 0)))
  return { kind: 'streaming' }
}

async function measure(seconds: number, keys: boolean): Promise<CallersTold> {
  for (const peer of streams) peer.begin()
  const until = clock.nowMs() + seconds * 1_000
  // Nobody presses with everybody else: they begin one after the other.
  const pressing = (keys ? streams : []).map((peer, at) => press(peer, (at / streams.length) * pressEveryMs, until))
  await wait(seconds * 1_000)
  const keysSent = (await Promise.all(pressing)).reduce((sum, one) => sum + one, 0)
  const heard = streams.map((peer) => peer.figures())
  const unevenMs = heard.flatMap((one) => one.unevenMs)
  const onTime = unevenMs.filter((ms) => ms <= onTimeWithinMs).length
  return {
    kind: 'timed',
    frames: unevenMs.length,
    lost: heard.reduce((sum, one) => sum + one.lost, 0),
    onTimeShare: Math.floor((100_000 * onTime) / Math.max(1, unevenMs.length)) / 1_000,
    jitterP50Ms: percentile(unevenMs, 0.5),
    jitterP99Ms: percentile(unevenMs, 0.99),
    keysSent,
  }
}

/** @returns how many keys. */
async function press(peer: RtpPeer, afterMs: number, until: number): Promise<number> {
  await wait(afterMs)
  let sent = 0
  for (let round = 0; clock.nowMs() < until - noKeysWithinMs; round++) {
    const now = pressed[round] ?? again
    peer.press(...now)
    sent += now.length
    await wait(Math.min(pressEveryMs, Math.max(0, until - clock.nowMs())))
  }
  return sent
}

async function hangUp(): Promise<CallersTold> {
  const endedEarly = lines.filter(({ isEnded }) => isEnded()).length
  for (const line of lines) line.hangUp()
  await Promise.all(streams.map((peer) => peer.close()))
  lines = []
  streams = []
  return { kind: 'hung-up', endedEarly }
}

/** Each waits until the line is quiet, says the words, and takes the time to the first sound of the answer. */
async function askAll(asked: Extract<CallersAsk, { kind: 'ask' }>): Promise<CallersTold> {
  const { uri, calls, perSecond, utterance } = asked
  const asking: Promise<number>[] = []
  for (let at = 0; at < calls; at++) {
    asking.push(askOnce(uri, utterance))
    await wait(1_000 / perSecond)
  }
  const answerMs = await Promise.all(asking)
  const answered = answerMs.filter(Number.isFinite)
  return { kind: 'asked', answerMs: answered, unanswered: calls - answered.length }
}

async function askOnce(uri: string, utterance: Uint8Array): Promise<number> {
  const line = await ring(uri, new Uint8Array())
  if (!line) return Infinity
  const { peer } = line
  while (clock.nowMs() - peer.lastSoundMs() < quietMs) await wait(20)
  const answer = peer.nextSound()
  const saidMs = await peer.say(utterance)
  const answerMs = (await Promise.race([answer, wait(patienceMs, Infinity)])) - saidMs
  line.hangUp()
  await peer.close()
  return answerMs
}

function does(ask: CallersAsk): Promise<CallersTold> {
  switch (ask.kind) {
    case 'ring':
      return ringAll(ask)
    case 'stream':
      return stream(ask.ports)
    case 'measure':
      return measure(ask.seconds, ask.keys)
    case 'hang-up':
      return hangUp()
    case 'ask':
      return askAll(ask)
  }
}

process.on('message', (ask: CallersAsk) => void does(ask).then((told) => process.send?.(told)))
process.on('disconnect', () => process.exit(0))
