/**
 * What a call's sound is made of, seen from the call layer: where the caller is, and what we are told of him.
 * media-session.ts does it.
 */
import type { Clock } from './clock.ts'
import type { Codec } from './g711.ts'
import type { FrameKind } from './jitter-buffer.ts'
import type { Key } from './key-press.ts'
import type { Pacer } from './pacer.ts'
import type { PortPool } from './port-pool.ts'

/** What we do, as our own SDP says it. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

/** The caller's audio, as negotiated. */
export type RemoteMedia = {
  /** Of the c= line. A name is never looked up: the caller's place is then learned from `signallingHost` alone. */
  host: string
  port: number
  /** What we speak is the first; what we understand, all of them. */
  codecs: readonly { name: Codec; payload: number }[]
  keysPayload?: number
  direction: Direction
  /** Where the INVITE or its answer came from, when media may be learned from there (a caller behind NAT). */
  signallingHost?: string
}

export type MediaEars = {
  /** The call's sound in order, a frame at every beat, silence too; the bytes are the listener's to keep. */
  onFrame(alaw: Uint8Array, kind: FrameKind): void
  /** The caller's voice as it arrives, not evened out: for a bridge whose far end has a jitter buffer of its own. */
  onArrival?(alaw: Uint8Array): void
  /** Once for each press, at once. */
  onKey(key: Key): void
  /** Nothing has come from the caller for 30 s, though something should: once, until something comes again. */
  onSilent(): void
}

export type MediaLog = { info(fields: object, message: string): void; error(fields: object, message: string): void }

export type MediaOptions = {
  /** A literal address of ours to listen on, and the ports that may be used. */
  local: { address: string; ports: PortPool }
  clock: Clock
  pacer: Pacer
  log: MediaLog
  ears: MediaEars
  remote?: RemoteMedia
  silentAfterMs?: number
}

/** RFC 3389: what some phones send instead of silence. A sign of life, not a voice. */
const comfortNoise = 13

/** Every payload type that may come from the caller. */
export const payloadTypesOf = ({ codecs, keysPayload }: RemoteMedia): number[] => [
  ...codecs.map(({ payload }) => payload),
  ...(keysPayload === undefined ? [] : [keysPayload]),
  comfortNoise,
]
