/** The sound of a call over the desk's own socket: goes wherever the page goes, and stutters where packets are lost. */
import type { Connection } from '../desk/connection.ts'
import type { AudioPath } from './audio-path.ts'

/** About seven frames with their envelopes, 140 ms: whatever waits behind them would be heard too late. */
const mostWaitingBytes = 2_000

export function socketPath(socket: Connection['socket'], conversationId: string): AudioPath {
  const counted = { sent: 0, dropped: 0, received: 0 }
  let take: (alaw: Uint8Array) => void = () => {}

  function arrived(id: string, alaw: Uint8Array): void {
    if (id !== conversationId) return
    counted.received++
    take(new Uint8Array(alaw)) // in a browser it arrives as a bare ArrayBuffer
  }
  socket.on('audio:frame', arrived)

  /** A connection that still polls, or has a heap before it, carries no speech. */
  function isClear(): boolean {
    const { transport } = socket.io.engine
    if (!socket.connected || !transport.writable || !('ws' in transport)) return false
    return transport.ws instanceof WebSocket && transport.ws.bufferedAmount < mostWaitingBytes
  }

  return {
    send(alaw) {
      if (!isClear()) return void counted.dropped++
      socket.volatile.emit('audio:frame', conversationId, alaw)
      counted.sent++
    },
    onFrame: (listener) => void (take = listener),
    close: () => void socket.off('audio:frame', arrived),
    stats: () => ({ ...counted }),
  }
}
