/**
 * What the caller pressed, once each, whatever brought it.
 *
 * An RFC 4733 press is told at its first packet (it interrupts at once), and known again by its timestamp, whether its
 * first packets or its end were lost. A press that comes both by RTP and by SIP INFO counts once: the same key by the
 * other way, within 200 ms of the time the key was down.
 */
import type { Key, KeyEvent } from './key-press.ts'

export type KeyPresses = ReturnType<typeof keyPresses>

/** One packet of an event; `timestamp` is the event's, the same in all its packets. */
export type KeyPacket = KeyEvent & { marker: boolean; timestamp: number }

type Way = 'rtp' | 'info'
type Press = { key: Key; way: Way; lastMs: number }

const sameWithinMs = 200
/** Segments of a key held longer than a 16-bit duration go on with a new timestamp (RFC 4733 §2.5.1.3). */
const longestSegment = 0xffff
/** Some gateways let the timestamp run on within one press; nobody presses the same key again within 100 ms. */
const shortestGap = 800

export function keyPresses() {
  let event: (KeyPacket & { press: Press | undefined }) | undefined
  /** Presses that the other way has not told of yet; each stands for one. */
  let untold: Press[] = []

  function isNew(key: Key, way: Way, nowMs: number): Press | undefined {
    untold = untold.filter((press) => nowMs - press.lastMs <= sameWithinMs)
    const twin = untold.find((press) => press.key === key && press.way !== way)
    if (twin) {
      untold = untold.filter((press) => press !== twin)
      return undefined
    }
    const press = { key, way, lastMs: nowMs }
    untold.push(press)
    return press
  }

  function goesOn(packet: KeyPacket): boolean {
    if (!event) return false
    const ahead = (packet.timestamp - event.timestamp) | 0
    if (ahead <= 0) return true // this event again, or one from before it, late
    if (event.isEnd || packet.marker || packet.key !== event.key) return false
    if (ahead === longestSegment) return true
    return ahead <= shortestGap && packet.durationSamples >= event.durationSamples
  }

  return {
    /** @returns the key at the first packet of a press, undefined at all the others. */
    byRtp(packet: KeyPacket, nowMs: number): Key | undefined {
      if (event && goesOn(packet)) {
        const isLate = ((packet.timestamp - event.timestamp) | 0) < 0
        if (!isLate) event = { ...packet, isEnd: packet.isEnd || event.isEnd, press: event.press }
        if (event.press && !isLate) event.press.lastMs = nowMs
        return undefined
      }
      const press = isNew(packet.key, 'rtp', nowMs)
      event = { ...packet, press }
      return press?.key
    },

    byInfo: (key: Key, nowMs: number): Key | undefined => isNew(key, 'info', nowMs)?.key,

    /** Another stream begins, with timestamps of its own. */
    restart(): void {
      event = undefined
    },
  }
}
