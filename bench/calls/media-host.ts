/** The hotline's side of the media bench: as many open calls as are asked for, each with its ear, all playing cached speech. */
import { monotonicClock } from '../../telephony/rtp/clock.ts'
import { mediaSession, type MediaSession } from '../../telephony/rtp/media-session.ts'
import { pacer } from '../../telephony/rtp/pacer.ts'
import { portPool } from '../../telephony/rtp/port-pool.ts'
import { loadVoiceDetectors } from '../../telephony/vad/voice-detector.ts'
import { voiceEar } from '../../telephony/vad/voice-ear.ts'
import { speech } from './speech.ts'

export type Ask = { kind: 'open'; peers: number[] } | { kind: 'begin' } | { kind: 'end' }
export type HostFigures = {
  cpuShare: number
  lateP50Ms: number
  lateP99Ms: number
  skippedRounds: number
  keys: number
  starts: number
  concealed: number
  rssMb: number
}
export type Told = { kind: 'opened'; ports: number[] } | ({ kind: 'figures' } & HostFigures)

const host = '127.0.0.1'
const fail = (error: unknown) => {
  throw error
}
const beat = pacer(monotonicClock, fail)
const ports = portPool()
const detectors = await loadVoiceDetectors()
const announcement = speech(10_000)
const sessions: MediaSession[] = []
let [keys, starts] = [0, 0]
let [cpu, since] = [process.cpuUsage(), performance.now()]

async function open(peer: number): Promise<number> {
  const ear = voiceEar(detectors.open())
  const session = await mediaSession({
    local: { address: host, ports },
    clock: monotonicClock,
    pacer: beat,
    log: { info: () => {}, error: (fields) => fail(fields) },
    ears: {
      onFrame: (frame) => (starts += ear.hear(frame).event?.kind === 'start' ? 1 : 0),
      onKey: () => keys++,
      onSilent: () => {},
    },
    remote: { host, port: peer, codecs: [{ name: 'PCMA', payload: 8 }], keysPayload: 101, direction: 'sendrecv' },
  })
  sessions.push(session)
  void announce(session)
  return session.localPort
}

async function announce(session: MediaSession): Promise<void> {
  for (;;) await session.player.play([{ name: 'announcement', audio: announcement }])
}

function figures(): HostFigures {
  const used = process.cpuUsage(cpu)
  const { lateP50Ms, lateP99Ms, skippedRounds } = beat.stats()
  return {
    cpuShare: (used.user + used.system) / 1_000 / (performance.now() - since),
    lateP50Ms,
    lateP99Ms,
    skippedRounds,
    keys,
    starts,
    concealed: sessions.reduce((sum, session) => sum + session.stats().concealed, 0),
    rssMb: process.memoryUsage.rss() / 2 ** 20,
  }
}

const tell = (told: Told) => process.send?.(told)

process.on('message', (ask: Ask) => {
  if (ask.kind === 'open')
    void Promise.all(ask.peers.map(open)).then((opened) => tell({ kind: 'opened', ports: opened }))
  if (ask.kind === 'begin') [cpu, since] = [process.cpuUsage(), performance.now()]
  if (ask.kind === 'end') tell({ kind: 'figures', ...figures() })
})
process.on('disconnect', () => process.exit(0))
