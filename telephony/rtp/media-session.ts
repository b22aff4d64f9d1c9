/**
 * The sound of one call: a UDP port, what is said to the caller, what the caller says and presses.
 *
 * The call layer opens it before it answers (the port goes into the SDP), tells it where the caller is and again at every
 * re-INVITE, and closes it once, however the call ended. Inside, sound is A-law in frames of 160 bytes, 20 ms.
 * Invariant: it speaks to the caller's place alone, and hears nobody else (source-latch.ts); at every beat
 * of an open session `onFrame` is told of a whole frame, whatever the network did.
 *
 *   const media = await mediaSession({ local, clock, pacer, log, ears })
 *   media.setRemote({ ...audio, direction: meet(audio.direction, 'sendrecv'), signallingHost })
 *   const heard = await media.player.play([{ name: 'greeting', audio }])
 *   await media.close()
 */
import { alawSilence, frameSamples, toAlaw } from './g711.ts'
import { jitterBuffer } from './jitter-buffer.ts'
import { keyOfInfo, readKeyEvent, type Key } from './key-press.ts'
import { keyPresses } from './key-presses.ts'
import { liveFrames } from './live-frames.ts'
import { payloadTypesOf, type MediaOptions, type RemoteMedia } from './media.ts'
import { loop, player } from './player.ts'
import { reception } from './reception.ts'
import { readRtp, type RtpPacket } from './rtp-packet.ts'
import { rtpSender } from './rtp-sender.ts'
import { isReachable, rtpSocket } from './rtp-socket.ts'
import { learnableAddresses, sourceLatch, type SourceLatch } from './source-latch.ts'

export type MediaSession = Awaited<ReturnType<typeof mediaSession>>
export type MediaStats = ReturnType<MediaSession['stats']>

/** @throws Problem not_ready when no RTP port is free. */
export async function mediaSession({ local, clock, pacer, log, ears, remote, silentAfterMs = 30_000 }: MediaOptions) {
  const buffer = jitterBuffer()
  const heard = reception()
  const presses = keyPresses()
  const speech = player()
  const live = liveFrames()
  const foreign = { strangers: 0, onTrial: 0, unreadable: 0 }
  let far: RemoteMedia | undefined
  let latch: SourceLatch | undefined
  let hold: (() => Uint8Array | undefined) | undefined
  let skipped = 0
  let lastSignMs = clock.nowMs()
  let isToldSilent = false

  const socket = await rtpSocket(local.address, local.ports, (datagram, address, port) =>
    safely(() => receive(datagram, address, port)),
  )
  const sender = rtpSender((datagram) => {
    const place = latch?.place()
    if (place) socket.send(datagram, place)
  })

  const weHear = () => far?.direction === 'sendrecv' || far?.direction === 'recvonly'
  const weSpeak = () => far?.direction === 'sendrecv' || far?.direction === 'sendonly'
  const hasPlace = () => latch !== undefined && isReachable(latch.place())

  function receive(datagram: Uint8Array, address: string, port: number): void {
    if (!latch || !far) {
      foreign.strangers++
      return
    }
    const packet = readRtp(datagram)
    if (!packet) {
      foreign.unreadable++
      return
    }
    const nowMs = clock.nowMs()
    switch (latch.judge({ ...packet, address, port, atMs: nowMs })) {
      case 'stranger':
        foreign.strangers++
        return
      case 'on-trial':
        foreign.onTrial++
        return
      case 'new-stream':
        follow(latch)
        break
      case 'ours':
    }
    lastSignMs = nowMs
    isToldSilent = false
    heard.note(packet.sequence, packet.timestamp, nowMs)
    understand(packet, far, nowMs)
  }

  /** Another stream is ours from here on; the kernel keeps everybody else out. */
  function follow(of: SourceLatch): void {
    buffer.restart()
    presses.restart()
    heard.restart()
    socket.connect(of.place())
    if (of.isLearned()) log.info({}, 'media comes from behind address translation')
  }

  function understand({ payloadType, payload, timestamp, marker }: RtpPacket, from: RemoteMedia, nowMs: number): void {
    if (payloadType === from.keysPayload) {
      const event = readKeyEvent(payload)
      const key = event && presses.byRtp({ ...event, marker, timestamp }, nowMs)
      if (key) ears.onKey(key)
      return
    }
    const codec = from.codecs.find((one) => one.payload === payloadType)
    if (!codec || !weHear()) return
    const alaw = toAlaw(codec.name, payload)
    buffer.put(timestamp, alaw, nowMs)
    if (!hold) ears.onArrival?.(alaw)
  }

  function beat(lostFrames: number): void {
    skipped += lostFrames
    sender.skip(lostFrames)
    speak()
    listen()
    watchSilence()
  }

  function speak(): void {
    const [codec] = far?.codecs ?? []
    if (!far || !codec || !weSpeak() || !hasPlace()) return sender.skip(1)
    const frame = hold ? hold() : (speech.nextFrame() ?? live.nextFrame())
    sender.frame(frame, { codec: codec.name, payload: codec.payload, keysPayload: far.keysPayload })
  }

  function listen(): void {
    do {
      const frame = new Uint8Array(frameSamples)
      const kind = buffer.take(frame)
      if (hold) ears.onFrame(frame.fill(alawSilence), 'silence')
      else ears.onFrame(frame, kind)
    } while (buffer.hasSurplus())
  }

  function watchSilence(): void {
    const nowMs = clock.nowMs()
    if (!weHear()) lastSignMs = nowMs
    if (isToldSilent || nowMs - lastSignMs < silentAfterMs) return
    isToldSilent = true
    ears.onSilent()
  }

  /** A fault in what hangs on one datagram must not end every call of the process. */
  function safely(run: () => void): void {
    try {
      run()
    } catch (error) {
      log.error({ err: error }, 'a received packet was not handled')
    }
  }

  function setRemote(next: RemoteMedia): void {
    const before = far
    far = next
    const isUnmoved = before?.host === next.host && before.port === next.port
    if (latch && isUnmoved && before.signallingHost === next.signallingHost) {
      latch.accept(payloadTypesOf(next))
      return
    }
    latch = sourceLatch({
      negotiated: { address: next.host, port: next.port },
      learnFrom: learnableAddresses(next.host, next.signallingHost),
      payloadTypes: payloadTypesOf(next),
    })
    lastSignMs = clock.nowMs()
    const isCertain = learnableAddresses(next.host, next.signallingHost).length === 0
    socket.connect(isCertain ? latch.place() : undefined)
  }

  if (remote) setRemote(remote)
  const leave = pacer.join(beat)

  return {
    localPort: socket.port,

    /** Prepared speech to the caller. */
    player: speech.controls,

    /** A live voice to the caller, heard when no prepared speech plays. @param frame 160 bytes of A-law, not reused. */
    send(frame: Uint8Array): void {
      if (!hold && frame.length === frameSamples) live.push(frame)
    },

    /** Presses a key towards the other end, by RTP. */
    press: (key: Key) => sender.press(key),

    /**
     * A key that came by SIP INFO. It reaches `onKey` unless the same press came by RTP.
     * @returns false when the body is none that we know: the INFO is then to be answered 415.
     */
    info(contentType: string, body: string): boolean {
      const key = keyOfInfo(contentType, body)
      const pressed = key && presses.byInfo(key, clock.nowMs())
      if (pressed) ears.onKey(pressed)
      return key !== undefined
    },

    /** At the answer, and at every re-INVITE. The same place keeps its lock; another place begins anew. */
    setRemote,

    /** The caller waits: prepared speech stands still, `sound` (A-law) goes round and round, nothing the caller says is passed on; keys are. */
    hold(sound: Uint8Array = new Uint8Array()): void {
      live.clear()
      hold = loop(sound)
    },

    unhold(): void {
      if (!hold) return
      hold = undefined
      speech.rewind()
    },

    stats: () => ({
      ...buffer.stats(),
      ...heard.sum(),
      ...foreign,
      sent: sender.sent(),
      skipped,
      sendFailures: socket.failed(),
      liveDropped: live.dropped(),
      isLocked: latch?.isLocked() ?? false,
      isLearned: latch?.isLearned() ?? false,
    }),

    /** Ends every `play` under way. Resolves when socket and port are free; may be called again. */
    close(): Promise<void> {
      leave()
      speech.controls.stop()
      return socket.close()
    },
  }
}
