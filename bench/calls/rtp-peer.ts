/**
 * The far end of one call, for load: it speaks in packets of 20 ms, presses a key now and then, and takes down when
 * each frame of the hotline came. Its own lateness is in what it measures, so it belongs in a process of its own.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Clock } from '../../telephony/rtp/clock.ts'
import type { Key } from '../../telephony/rtp/key-press.ts'
import type { Pacer } from '../../telephony/rtp/pacer.ts'
import { loop } from '../../telephony/rtp/player.ts'
import { readRtp } from '../../telephony/rtp/rtp-packet.ts'
import { rtpSender } from '../../telephony/rtp/rtp-sender.ts'

export type RtpPeer = Awaited<ReturnType<typeof rtpPeer>>

const pcma = 8
const keysPayload = 101

/** @param voice A-law, repeated for as long as the call lasts. */
export async function rtpPeer(host: string, pacer: Pacer, clock: Clock, voice: Uint8Array) {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 256 * 1024 })
  socket.bind(0, host)
  await once(socket, 'listening')
  const nextFrame = loop(voice)
  const sender = rtpSender((datagram) => socket.send(datagram))
  /** |time between two frames - 20 ms|, for frames that follow one another. */
  let unevenMs: number[] = []
  let lost = 0
  let received = 0
  let last: { sequence: number; atMs: number } | undefined
  let leave = () => {}

  socket.on('error', () => {})
  socket.on('message', (datagram) => {
    const packet = readRtp(datagram)
    if (packet?.payloadType !== pcma) return
    const atMs = clock.nowMs()
    received++
    if (last) {
      const step = (packet.sequence - last.sequence) & 0xffff
      if (step === 1) unevenMs.push(Math.abs(atMs - last.atMs - 20))
      else if (step < 0x8000) lost += step - 1
    }
    last = { sequence: packet.sequence, atMs }
  })

  return {
    port: socket.address().port,

    async talkTo(port: number): Promise<void> {
      socket.connect(port, host)
      await once(socket, 'connect')
      leave = pacer.join((skipped) => {
        sender.skip(skipped)
        sender.frame(nextFrame(), { codec: 'PCMA', payload: pcma, keysPayload })
      })
    },

    press: (key: Key) => sender.press(key),

    /** Forgets the time of warming up. */
    begin(): void {
      unevenMs = []
      lost = 0
      received = 0
    },

    figures: () => ({ sent: sender.sent(), received, lost, unevenMs }),

    async close(): Promise<void> {
      leave()
      socket.close()
      await once(socket, 'close')
    },
  }
}
