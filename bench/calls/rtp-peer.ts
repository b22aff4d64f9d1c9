/**
 * The far end of one call, for load: it sends a packet every 20 ms, says what it is given, presses keys, and takes down
 * when each frame came. Its own lateness is in what it measures, so it belongs in a process of its own, and the echo
 * beside it says how much that is.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Clock } from '../../telephony/rtp/clock.ts'
import { decodeAlaw, frameMs, frameSamples } from '../../telephony/rtp/g711.ts'
import type { Key } from '../../telephony/rtp/key-press.ts'
import type { Pacer } from '../../telephony/rtp/pacer.ts'
import { loop, player } from '../../telephony/rtp/player.ts'
import { readRtp } from '../../telephony/rtp/rtp-packet.ts'
import { rtpSender } from '../../telephony/rtp/rtp-sender.ts'

export type RtpPeer = Awaited<ReturnType<typeof rtpPeer>>
type Parts = {
  host: string
  pacer: Pacer
  clock: Clock
  /** A-law, heard again and again whenever nothing is said; empty: the silence of the line. */
  murmur: Uint8Array
}

const pcma = 8
const keysPayload = 101
/** More than the line's own silence. */
const soundingSample = 500

export async function rtpPeer({ host, pacer, clock, murmur }: Parts) {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 256 * 1024 })
  socket.bind(0, host)
  await once(socket, 'listening')
  const background = loop(murmur)
  const speech = player()
  const sender = rtpSender((datagram) => socket.send(datagram))
  /** |time between two frames - 20 ms|. */
  let unevenMs: number[] = []
  /** Frames that never came: lost on the way, or never sent. */
  let lost = 0
  let last: { timestamp: number; atMs: number } | undefined
  let isListening = false
  let lastSoundMs = -Infinity
  let awaited: ((atMs: number) => void) | undefined
  let leave = () => {}

  socket.on('error', () => {})
  socket.on('message', (datagram) => {
    const packet = readRtp(datagram)
    if (packet?.payloadType !== pcma) return
    const atMs = clock.nowMs()
    if (last) {
      const frames = ((packet.timestamp - last.timestamp) | 0) / frameSamples
      if (frames > 0) {
        unevenMs.push(Math.abs(atMs - last.atMs - frameMs))
        lost += frames - 1
      }
    }
    last = { timestamp: packet.timestamp, atMs }
    if (isListening && decodeAlaw(packet.payload).some((sample) => Math.abs(sample) > soundingSample)) hear(atMs)
  })

  function hear(atMs: number): void {
    lastSoundMs = atMs
    awaited?.(atMs)
    awaited = undefined
  }

  return {
    port: socket.address().port,

    async talkTo(port: number): Promise<void> {
      socket.connect(port, host)
      await once(socket, 'connect')
      leave = pacer.join((skipped) => {
        sender.skip(skipped)
        sender.frame(speech.nextFrame() ?? background(), { codec: 'PCMA', payload: pcma, keysPayload })
      })
    },

    press: (...pressed: Key[]) => pressed.forEach((key) => sender.press(key)),

    /** @returns when the last of it left. */
    async say(audio: Uint8Array): Promise<number> {
      await speech.controls.play([{ name: 'said', audio }])
      return clock.nowMs()
    },

    /** Costs a little for each frame, so not while frames are timed. */
    listen: (to: boolean) => void (isListening = to),
    lastSoundMs: () => lastSoundMs,
    /** @returns when the next frame came that is more than silence. */
    nextSound: () => new Promise<number>((resolve) => (awaited = resolve)),

    /** Forgets the time of warming up. */
    begin(): void {
      unevenMs = []
      lost = 0
    },

    figures: () => ({ lost, unevenMs }),

    async close(): Promise<void> {
      leave()
      speech.controls.stop()
      socket.close()
      await once(socket, 'close')
    },
  }
}
