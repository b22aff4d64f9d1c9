/**
 * The ways in which a call ends, each with what the record must say of it afterwards. The caller knows the cause; where
 * an agent had a hand in it, the agent's own deeds do (willing-agents.ts).
 */
import { expect } from 'vitest'
import type { CallEnd } from '../../contract/phone-events.ts'
import type { Key } from '../../telephony/rtp/key-press.ts'
import type { Caller } from '../support/phone-peers.ts'
import { anOffer } from '../telephony/sip/peers.ts'
import type { RawCall, RawCaller } from './raw-caller.ts'

export type Draw = (below: number) => number
export type Peers = { caller: Caller; raw: RawCaller; uri: string; lonelyUri: string; draw: Draw }
/**
 * `by-desk`: as the agent who took it up let go of it. `not-taken`: a machine that was busy elsewhere left no time for
 * it and its caller heard so. `none`: there is no record.
 */
export type ToldEnd = CallEnd | 'by-desk' | 'caller-or-desk' | 'not-taken' | 'none'
export type Told = { callId: string; as: ToldEnd }
type Way = (peers: Peers) => Promise<Told>
type Ring = Awaited<ReturnType<Caller['ring']>>

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export async function within(ms: number, isSo: () => boolean, what: string): Promise<void> {
  const end = Date.now() + ms
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`)
    await pause(20)
  }
}

const noTimeStatus = [480, 503]
const withoutCodec = anOffer().replace(/m=audio.*\r\n(a=(rtpmap|fmtp).*\r\n)*/, 'm=audio 40000 RTP/AVP 18\r\n')
const expires = (refresher: 'uac' | 'uas') => ['Supported: timer', `Session-Expires: 90;refresher=${refresher}`]

function wasTaken({ outcome }: Ring): boolean {
  if (!outcome.answered) expect(noTimeStatus).toContain(outcome.ending.status)
  return outcome.answered
}

/** The caller hangs up, unless the desk does before. */
const talks =
  (meanwhile: (call: Ring, draw: Draw) => Promise<void> | void = () => undefined): Way =>
  async ({ caller, uri, draw }) => {
    const call = await caller.ring(uri)
    if (!wasTaken(call)) return { callId: call.id, as: 'not-taken' }
    await meanwhile(call, draw)
    await pause(draw(400))
    call.hangUp()
    await within(30_000, () => call.ending() !== undefined, 'the end of a call that was hung up')
    await call.media.close()
    return { callId: call.id, as: call.ending() === 'local-bye' ? 'caller' : 'by-desk' }
  }

type RawWay = { body?: string; headers?: readonly string[]; manners?: (method: string) => number | undefined }

/** A call of the telephone without manners, from its being taken. */
const raw =
  (how: RawWay, then: (call: RawCall) => Promise<CallEnd>): Way =>
  async (peers) => {
    const call = peers.raw.invite({ body: anOffer(), ...how })
    try {
      const status = await call.final()
      if (status === 200) return { callId: call.id, as: await then(call) }
      expect(noTimeStatus).toContain(status)
      return { callId: call.id, as: 'not-taken' }
    } finally {
      call.forget()
    }
  }

/** Acknowledged, and then left to itself. */
const isLeft =
  (as: CallEnd) =>
  async (call: RawCall): Promise<CallEnd> => {
    call.ack()
    await call.over()
    return as
  }

export const ways = {
  'the caller says goodbye': talks(),
  'keys, then goodbye': talks((call, draw) => call.press(...(['9', '3', '5', '9', '#'] as Key[]).slice(draw(5)))),
  'in the middle of a word': talks((call) => void call.speak(600)),
  'held, taken up, then goodbye': talks(async (call, draw) => {
    await call.hold(true)
    if (draw(2) === 0) await call.hold(false)
  }),
  async 'out of the queue'(peers) {
    const told = await talks((call) => call.press('0'))(peers)
    // His goodbye and an agent's may have met on the way.
    return told.as === 'caller' ? { ...told, as: 'caller-or-desk' } : told
  },
  /** An agent who takes everybody takes this caller too; whether he hangs up or closes is his to say. */
  async 'by an agent'({ caller, uri }) {
    const call = await caller.ring(uri)
    if (!wasTaken(call)) return { callId: call.id, as: 'not-taken' }
    call.press('0')
    // Once the agent has closed, the rating is asked for.
    const rating = setInterval(() => call.press('1'), 500)
    await within(90_000, () => call.ending() !== undefined, 'the end by an agent').finally(() => clearInterval(rating))
    await call.media.close()
    return { callId: call.id, as: 'by-desk' }
  },
  'goodbye with the ACK': raw({}, async (call) => {
    call.ack()
    await call.bye()
    return 'caller'
  }),
  async 'taken back'({ raw: peer, draw }) {
    const call = peer.invite({ body: anOffer() })
    try {
      await pause(draw(25))
      call.cancel()
      const status = await call.final()
      expect([200, 487, ...noTimeStatus]).toContain(status)
      if (status === 200) {
        call.ack()
        await call.bye()
      }
      return { callId: call.id, as: status === 200 ? 'caller' : status === 487 ? 'cancelled' : 'not-taken' }
    } finally {
      call.forget()
    }
  },
  'never acknowledged': raw({}, async (call) => {
    await call.over()
    return 'no-ack'
  }),
  'never a sound': raw({}, isLeft('no-audio')),
  'never refreshed': raw({ headers: expires('uac') }, isLeft('session-expired')),
  'forgotten by the peer': raw({ headers: expires('uas'), manners: () => 481 }, isLeft('session-expired')),
  'the peer is gone': raw({ manners: () => undefined }, isLeft('no-audio')),
  // Refused below the call.
  async 'nothing in common'({ raw: peer }) {
    const call = peer.invite({ body: withoutCodec })
    const status = await call.final().finally(() => call.forget())
    expect([488, ...noTimeStatus]).toContain(status)
    return { callId: call.id, as: status === 488 ? 'none' : 'not-taken' }
  },
  // By a phone that has no server.
  async 'nobody there to talk to'({ caller, lonelyUri }) {
    const { id, outcome } = await caller.ring(lonelyUri)
    expect(outcome).toMatchObject({ answered: false, ending: { status: 503 } })
    return { callId: id, as: 'none' }
  },
} satisfies Record<string, Way>
