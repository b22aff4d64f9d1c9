/** The sound of a call over the desk's own socket: goes wherever the page goes, and stutters where packets are lost. */
import type { Connection } from '../desk/connection.ts'
import type { AudioPath } from './audio-path.ts'
import type { Sound } from './sound.ts'

/** About seven frames with their envelopes, 140 ms: whatever waits behind them would be heard too late. */
const mostWaitingBytes = 2_000

type Parts = { socket: Connection['socket']; conversationId: string; sound: Pick<Sound, 'play' | 'played'> }

export function socketPath({ socket, conversationId, sound }: Parts): AudioPath {
  const counted = { sent: 0, dropped: 0, received: 0 }
  const ranDryBefore = sound.played().ranDry
  let isHeld = false

  function arrived(id: string, alaw: Uint8Array): void {
    if (id !== conversationId) return
    counted.received++
    if (!isHeld) sound.play(new Uint8Array(alaw)) // in a browser it arrives as a bare ArrayBuffer
  }
  socket.on('audio:frame', arrived)

  /** A connection that still polls, or has a heap before it, carries no speech. */
  function isClear(): boolean {
    const { transport } = socket.io.engine
    if (!socket.connected || !transport.writable || !('ws' in transport)) return false
    return transport.ws instanceof WebSocket && transport.ws.bufferedAmount < mostWaitingBytes
  }

  return {
    way: 'server',
    send(alaw) {
      if (!isClear()) return void counted.dropped++
      socket.volatile.emit('audio:frame', conversationId, alaw)
      counted.sent++
    },
    hold: (on) => void (isHeld = on),
    loudness: () => sound.played().loudness,
    stats: () => ({ ...counted, ranDry: sound.played().ranDry - ranDryBefore }),
    close: () => void socket.off('audio:frame', arrived),
  }
}
