/**
 * `tsx bench/calls/media.ts [--calls 200] [--seconds 20]`: calls at once over UDP, without signalling. The hotline's
 * side in one process (voice detector on every call, cached speech playing, keys coming in), the callers in this one.
 * Floor: nothing lost, and 99.9 of 100 frames within 10 ms of their time. The control is how late this process's own
 * timers come: where that is worse than the floor, the machine is busy and the run says nothing.
 */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { monotonicClock } from '../../telephony/rtp/clock.ts'
import { pacer } from '../../telephony/rtp/pacer.ts'
import { machine, percentile, report, rounded } from '../figures.ts'
import type { Ask, Told } from './media-host.ts'
import { rtpPeer } from './rtp-peer.ts'
import { speech } from './speech.ts'

const { values } = parseArgs({
  options: { calls: { type: 'string', default: '200' }, seconds: { type: 'string', default: '20' } },
})
const calls = Number(values.calls)
const seconds = Number(values.seconds)
const floor = { lost: 0, withinTenMsShare: 99.9 }

const about = machine()
const host = fork(join(import.meta.dirname, 'media-host.ts'))
const beat = pacer(monotonicClock, (error) => {
  throw error
})
const ask = (what: Ask) => host.send(what)
function answer<K extends Told['kind']>(kind: K): Promise<Extract<Told, { kind: K }>> {
  return new Promise((resolve) => {
    const hear = (told: Told) => {
      if (!isOf(told, kind)) return
      host.off('message', hear)
      resolve(told)
    }
    host.on('message', hear)
  })
}
function isOf<K extends Told['kind']>(told: Told, kind: K): told is Extract<Told, { kind: K }> {
  return told.kind === kind
}

const voice = speech(6_000)
const peers = await Promise.all(Array.from({ length: calls }, () => rtpPeer('127.0.0.1', beat, monotonicClock, voice)))
ask({ kind: 'open', peers: peers.map(({ port }) => port) })
const { ports } = await answer('opened')
await Promise.all(peers.map((peer, i) => peer.talkTo(ports[i] ?? 0)))
await wait(3_000)

ask({ kind: 'begin' })
for (const peer of peers) peer.begin()
let pressed = 0
for (let second = 0; second < seconds; second++) {
  await wait(1_000)
  if (second % 5 !== 0 || second > seconds - 3) continue
  for (const peer of peers) peer.press('1')
  pressed += peers.length
}
ask({ kind: 'end' })
const { kind: _, ...hotline } = await answer('figures')
const heard = peers.map((peer) => peer.figures())
const unevenMs = heard.flatMap((one) => one.unevenMs)
const lost = heard.reduce((sum, one) => sum + one.lost, 0)
const withinTenMsShare = (100 * unevenMs.filter((ms) => ms <= 10).length) / unevenMs.length
const own = beat.stats()
await Promise.all(peers.map((peer) => peer.close()))
host.disconnect()

report({
  bench: 'media',
  ok: lost <= floor.lost && withinTenMsShare >= floor.withinTenMsShare && hotline.keys === pressed,
  floor,
  measured: {
    calls,
    seconds,
    frames: unevenMs.length,
    lost,
    withinTenMsShare: Math.floor(withinTenMsShare * 1_000) / 1_000,
    unevenP50Ms: percentile(unevenMs, 0.5),
    unevenP99Ms: percentile(unevenMs, 0.99),
    pressed,
    ...Object.fromEntries(Object.entries(hotline).map(([key, value]) => [key, Math.round(value * 100) / 100])),
  },
  control: { lateP50Ms: rounded(own.lateP50Ms), lateP99Ms: rounded(own.lateP99Ms), skippedRounds: own.skippedRounds },
  machine: about,
})
