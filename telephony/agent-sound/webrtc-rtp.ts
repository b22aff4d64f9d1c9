/**
 * The caller's and the agent's voice as RTP between the phone and one console: PCMA and nothing else.
 *
 * Invariant: one stream towards the console for as long as the connection lives, whichever call it carries: sequence
 * without gaps, timestamps that never go back and run on through holes, so that the browser's buffer loses nothing.
 */
import { randomInt } from 'node:crypto'
import { frames } from '../call/call-media.ts'
import { frameMs, frameSamples } from '../rtp/g711.ts'
import type { Clock } from '../rtp/clock.ts'
import { readRtp } from '../rtp/rtp-packet.ts'
import { rtpSender } from '../rtp/rtp-sender.ts'

/** Static, RFC 3551. */
export const pcmaPayload = 8
const format = { codec: 'PCMA', payload: pcmaPayload } as const

/** Later than this is no jitter: the caller's sound stops, and time goes on without it. */
const holeMs = 100
/** Silence fills a hole so long; afterwards the console is to see that it hears nobody. */
const filledMs = 1_000

export const aStreamId = () => randomInt(1, 2 ** 32)

type Parts = {
  streamId: number
  clock: Pick<Clock, 'nowMs'>
  send: (packet: Buffer) => void
  heard: (alaw160: Uint8Array) => void
}

export function webrtcRtp({ streamId, clock, send, heard }: Parts) {
  const sender = rtpSender((packet) => send(Buffer.from(packet.buffer, packet.byteOffset, packet.length)), streamId)
  const inFrames = frames(frameSamples, heard)
  let sentMs: number | undefined
  let spokeMs = 0
  let lastSequence: number | undefined
  let heardMs: number | undefined

  function emit(alaw: Uint8Array | undefined): void {
    const now = clock.nowMs()
    const passed = now - (sentMs ?? now)
    if (passed >= holeMs) sender.skip(Math.round(passed / frameMs) - 1)
    sentMs = now
    sender.frame(alaw, format)
  }

  /** The agent's packets come every 20 ms, so they tell the time for the silence in a hole of the caller's. */
  function fill(): void {
    const quietMs = clock.nowMs() - spokeMs
    if (sentMs !== undefined && quietMs >= holeMs && quietMs < filledMs) emit(undefined)
  }

  return {
    /** @param alaw160 the caller's voice. */
    send(alaw160: Uint8Array): void {
      spokeMs = clock.nowMs()
      emit(alaw160)
    },

    /** Whatever came from the console: its voice, its reports, or nonsense. Late and doubled packets are dropped. */
    take(datagram: Uint8Array): void {
      const packet = readRtp(datagram)
      if (packet?.payloadType !== pcmaPayload) return
      const ahead = lastSequence === undefined ? 1 : (packet.sequence - lastSequence) & 0xffff
      if (ahead === 0 || ahead > 0x7fff) return
      lastSequence = packet.sequence
      heardMs = clock.nowMs()
      fill()
      inFrames(Uint8Array.from(packet.payload)) // the library keeps its buffer
    },

    /** When the console was last heard. */
    heardMs: () => heardMs,
  }
}
