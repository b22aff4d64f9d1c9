/**
 * Our side of the stream: one SSRC for the life of the call, a sequence without gaps, timestamps that run on through
 * skipped frames, holds and silences, so that the caller's buffer always knows what time it is.
 *
 * A frame that is absent leaves as comfort silence: the line is never dead, and the way back through address
 * translation stays open. The marker stands where sound begins after silence.
 */
import { randomInt } from 'node:crypto'
import { alawSilence, frameSamples, fromAlaw, type Codec } from './g711.ts'
import { keyEvents, writeKeyEvent, type Key, type KeyEvent } from './key-press.ts'
import { writeRtp } from './rtp-packet.ts'

export type SendFormat = { codec: Codec; payload: number; keysPayload?: number }

const comfort = new Uint8Array(frameSamples).fill(alawSilence)

export function rtpSender(send: (datagram: Uint8Array) => void, ssrc = randomInt(2 ** 32)) {
  let sequence = randomInt(2 ** 16)
  let timestamp = randomInt(2 ** 32)
  let isSpeaking = false
  let sent = 0
  let events: { event: KeyEvent; isFirst: boolean }[] = []
  let eventTimestamp = 0

  function emit(payloadType: number, marker: boolean, at: number, payload: Uint8Array): void {
    send(writeRtp({ marker, payloadType, sequence, timestamp: at, ssrc }, payload))
    sequence = (sequence + 1) & 0xffff
    sent++
  }

  function skip(frames: number): void {
    timestamp = (timestamp + frames * frameSamples) >>> 0
  }

  return {
    /** 20 ms that leave now. A key under way goes instead of the frame, which is lost. */
    frame(frame: Uint8Array | undefined, { codec, payload, keysPayload }: SendFormat): void {
      const next = keysPayload === undefined ? undefined : events.shift()
      if (next && keysPayload !== undefined) {
        if (next.isFirst) eventTimestamp = timestamp
        emit(keysPayload, next.isFirst, eventTimestamp, writeKeyEvent(next.event))
      } else {
        const marker = sent === 0 || (frame !== undefined && !isSpeaking)
        emit(payload, marker, timestamp, fromAlaw(codec, frame ?? comfort))
      }
      isSpeaking = frame !== undefined && !next
      skip(1)
    },

    /** Time passes and nothing leaves. */
    skip(frames: number): void {
      if (frames > 0) isSpeaking = false
      skip(frames)
    },

    /** Presses a key towards the other end (RFC 4733), after those that are under way. */
    press(key: Key, pressedMs?: number): void {
      events = [...events, ...keyEvents(key, pressedMs).map((event, i) => ({ event, isFirst: i === 0 }))]
    },

    sent: () => sent,
  }
}
