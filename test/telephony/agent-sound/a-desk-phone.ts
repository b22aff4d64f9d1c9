/** An agent's desk phone: registers by password, rings, is answered or not, talks in A-law or µ-law. */
import { monotonicClock } from '../../../telephony/rtp/clock.ts'
import { mediaSession, type MediaSession } from '../../../telephony/rtp/media-session.ts'
import { pacer } from '../../../telephony/rtp/pacer.ts'
import { portPool } from '../../../telephony/rtp/port-pool.ts'
import type { IncomingCall } from '../../../telephony/sip/call.ts'
import { makeAnswer, makeOffer, type Direction, type LocalMedia, type RemoteSdp } from '../../../telephony/sip/sdp.ts'
import { userAgent } from '../../../telephony/sip/user-agent.ts'
import { quietLog } from '../../support/phone-peers.ts'
import { until } from '../../support/socket-clients.ts'
import { aTone, shareOf } from '../rtp/tone.ts'

const host = '127.0.0.1'
const timings = { t1: 50, t2: 200, t4: 250 }

export type DeskPhone = Awaited<ReturnType<typeof aDeskPhone>>

type Behaviour = {
  /** A status refuses; `rings` never says yes. */
  does?: 'answers' | 'rings' | number
  codec?: 'PCMA' | 'PCMU'
}

export async function aDeskPhone(
  registrarPort: number,
  extension: string,
  password: string,
  behaviour: Behaviour = {},
) {
  const { does = 'answers', codec = 'PCMA' } = behaviour
  const calls: IncomingCall[] = []
  const endings: string[] = []
  const frames: Uint8Array[] = []
  const heartbeat = pacer(monotonicClock, () => undefined)
  let media: MediaSession | undefined
  let version = 0
  const agent = userAgent({
    bind: { host, port: 0 },
    users: () => undefined,
    trunks: [host],
    anonymous: 'private',
    capacity: () => 'open',
    log: quietLog,
    timings,
  })
  const { udpPort: port } = await agent.start()
  agent.onInvite((call) => {
    calls.push(call)
    call.listen({ ended: ({ reason }) => void endings.push(reason) })
    if (typeof does === 'number') return call.reject(does)
    call.ring()
    if (does === 'answers') void answer(call)
  })

  const local = (direction?: Direction): LocalMedia => ({
    host,
    port: media?.localPort ?? 0,
    sessionId: 7,
    version: ++version,
    direction,
  })

  async function answer(call: IncomingCall): Promise<void> {
    const opened = await mediaSession({
      local: { address: host, ports: portPool() },
      clock: monotonicClock,
      pacer: heartbeat,
      log: quietLog,
      ears: {
        onFrame: (alaw, kind) => void (kind === 'heard' && frames.push(alaw)),
        onKey: () => undefined,
        onSilent: () => undefined,
      },
    })
    media = opened
    call.listen({ ended: () => void opened.close() })
    const { offer } = call
    if (!offer?.audio) throw new Error('no sound was offered')
    const audio = { ...offer.audio, codecs: offer.audio.codecs.filter(({ name }) => name === codec) }
    const known: RemoteSdp = { ...offer, audio }
    opened.setRemote({ ...audio, direction: 'sendrecv' })
    await call.accept(makeAnswer(known, local()) ?? '')
  }

  const last = () => calls.at(-1) ?? Promise.reject(new Error('it did not ring'))

  const registration = agent.register({
    registrar: `sip:${host}:${registrarPort}`,
    credentials: { user: extension, password },
  })

  return {
    port,
    calls,
    endings,
    isRegistered: () => registration.state().is === 'registered',
    registered: () => until(() => registration.state().is === 'registered', `the desk phone ${extension}`),
    refused: () => until(() => registration.state().is === 'refused', `a refusal of ${extension}`),
    unregister: () => registration.stop(),
    rang: (times = 1) => until(() => calls.length >= times, 'the ringing'),
    hears: (hertz: number, count = 10) => frames.length >= count && shareOf(hertz, frames.slice(-count)) > 0.8,
    heard: () => frames.splice(0),
    speak: (hertz: number, ms: number) => media?.player.play([{ name: 'tone', audio: aTone(hertz, ms) }]),
    async hold(direction: Direction) {
      return (await last()).reinvite(makeOffer(local(direction)))
    },
    hangUp: async () => (await last()).bye(),
    /** Nothing comes from it any more, and it does not say so. */
    vanish: () => media?.close(),
    async close() {
      await registration.stop()
      await agent.stop()
    },
  }
}
