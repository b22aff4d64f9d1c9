/**
 * This console's direct line to the phone: a peer connection that is made for the first call and kept for the next.
 *
 * Invariant: the microphone is on the line only while a call is carried. Whatever becomes of the line, the call is
 * told once, `bound` or `lost`; after `lost` the line has forgotten it.
 */
import type { ConsoleSignal, PhoneSignal } from '../../contract/peer-signal.ts'
import type { Connection } from '../desk/connection.ts'
import type { AudioPath } from './audio-path.ts'
import { webrtcPath } from './webrtc-path.ts'

type Carried = {
  conversationId: string
  microphone: MediaStreamTrack
  bound: (path: AudioPath) => void
  lost: () => void
}
export type WebrtcLine = ReturnType<typeof webrtcLine>

export function webrtcLine({ socket, ask }: Pick<Connection, 'socket' | 'ask'>) {
  const speaker = new Audio()
  let carried: Carried | undefined
  let peer: RTCPeerConnection | undefined
  /** Signals are taken one after the other, as they came. */
  let taking = Promise.resolve()

  /** @returns whether it arrived; a server that cannot be asked has ended the call's audio by itself. */
  const say = (conversationId: string, signal: ConsoleSignal) =>
    ask('peer:signal', { conversationId, signal }).then(
      () => true,
      () => false,
    )

  function made(conversationId: string): RTCPeerConnection {
    const fresh = new RTCPeerConnection()
    fresh.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate)
        void say(conversationId, { kind: 'candidate', candidate: candidate.candidate, mid: candidate.sdpMid ?? '0' })
    }
    fresh.ontrack = ({ track }) => {
      speaker.srcObject = new MediaStream([track])
      speaker.muted = true // until a call is bound
      speaker.play().catch((error: unknown) => console.error(error))
    }
    fresh.onconnectionstatechange = () => {
      if (fresh === peer && ['disconnected', 'failed'].includes(fresh.connectionState)) lose()
    }
    return fresh
  }

  async function answer(one: Carried, sdp: string): Promise<void> {
    drop()
    const fresh = made(one.conversationId)
    peer = fresh
    await fresh.setRemoteDescription({ type: 'offer', sdp })
    for (const transceiver of fresh.getTransceivers()) {
      transceiver.direction = 'sendrecv'
      await transceiver.sender.replaceTrack(one === carried ? one.microphone : null)
    }
    await fresh.setLocalDescription()
    const answered = fresh.localDescription?.sdp
    if (answered !== undefined) await say(one.conversationId, { kind: 'answer', sdp: answered })
  }

  async function take(one: Carried, signal: PhoneSignal): Promise<void> {
    if (one !== carried) return
    if (signal.kind === 'offer') return answer(one, signal.sdp)
    if (signal.kind === 'candidate')
      // One address more or less; whether a way is found shows by itself.
      return peer?.addIceCandidate({ candidate: signal.candidate, sdpMid: signal.mid }).catch(() => {})
    if (signal.kind === 'bound' && peer) return one.bound(webrtcPath(peer, speaker))
    lose()
  }

  function heard(told: { conversationId: string; consoleId: string; signal: PhoneSignal }): void {
    const one = carried
    if (told.consoleId !== socket.id || told.conversationId !== one?.conversationId) return
    taking = taking.then(() => take(one, told.signal)).catch((error: unknown) => (console.error(error), lose()))
  }

  /** No direct way for this call, and none that may be taken again. */
  function lose(): void {
    const one = carried
    carried = undefined
    drop()
    if (!one) return
    if (socket.connected) void say(one.conversationId, { kind: 'close' })
    one.lost()
  }

  function drop(): void {
    peer?.close()
    peer = undefined
    speaker.srcObject = null
  }

  const putOn = async (microphone: MediaStreamTrack | null) => {
    for (const { sender } of peer?.getTransceivers() ?? []) await sender.replaceTrack(microphone)
  }

  socket.on('peer:signal', heard)
  // To the server it is another console that comes back.
  socket.on('disconnect', lose)

  return {
    /** Seeks a direct way for this call. */
    carry(one: Carried): void {
      carried = one
      const stands = peer?.connectionState === 'connected'
      if (!stands) drop()
      taking = taking
        .then(() => putOn(one.microphone))
        .then(async () => {
          if (!(await say(one.conversationId, { kind: 'open', anew: !stands })) && one === carried) lose()
        })
        .catch(lose)
    },
    /** Gives up a way that was not found in time. */
    giveUp: lose,
    /** The call is over, or put down; the line stays for the next. */
    rest(): void {
      carried = undefined
      putOn(null).catch(drop)
    },
    close(): void {
      carried = undefined
      drop()
    },
  }
}
