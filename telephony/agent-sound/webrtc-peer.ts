/**
 * One console's peer connection: the phone offers PCMA alone, the console answers, both send for as long as it lives.
 *
 * Invariant: `gone` is told once, whoever ends it; afterwards nothing of the native object is touched, and whatever it
 * still reports is not heard.
 */
import { isIPv4 } from 'node:net'
import type { PhoneSignal } from '../../contract/peer-signal.ts'
import type { Clock } from '../rtp/clock.ts'
import type { WebrtcLibrary, WebrtcPlace } from './webrtc-library.ts'
import { aStreamId, pcmaPayload, webrtcRtp } from './webrtc-rtp.ts'

type Parts = {
  library: WebrtcLibrary
  place: WebrtcPlace
  name: string
  clock: Clock
  signal: (signal: PhoneSignal) => void
  /** Sound can travel. */
  connected: () => unknown
  heard: (alaw160: Uint8Array) => void
  gone: () => void
}
export type WebrtcPeer = ReturnType<typeof webrtcPeer>

/** A console that answers nothing is given up; it goes over the socket long before. */
const connectWithinMs = 15_000
/** Addresses of both sides. */
const mostHeldBack = 60

export function webrtcPeer({ library, place, name, clock, signal, connected, heard, gone }: Parts) {
  /**
   * No address is used before the answer is taken: the console's may overtake it, and a console that knew ours would be
   * at the handshake while the library does not yet know its certificate, and refuses it for good.
   */
  let heldBack: (() => void)[] | undefined = []
  let state: 'connecting' | 'connected' | 'closed' = 'connecting'
  const streamId = aStreamId()
  const connection = new library.PeerConnection(name, {
    iceServers: [],
    ...(isAnywhere(place.host) ? {} : { bindAddress: place.host }),
    ...(place.port === 0 ? {} : { enableIceUdpMux: true, portRangeBegin: place.port, portRangeEnd: place.port }),
  })
  const audio = new library.Audio('0', 'SendRecv')
  audio.addAudioCodec(pcmaPayload, 'PCMA')
  audio.addSSRC(streamId, 'caller', 'caller', 'caller')
  const track = connection.addTrack(audio)
  track.setMediaHandler(new library.RtcpReceivingSession())
  const rtp = webrtcRtp({
    streamId,
    clock,
    heard,
    send(packet) {
      if (track.isOpen()) track.sendMessageBinary(packet)
    },
  })
  const giveUp = clock.after(connectWithinMs, () => state === 'connecting' && close())

  const unlessClosed =
    <Given extends unknown[]>(then: (...given: Given) => void) =>
    (...given: Given) => {
      if (state !== 'closed') then(...given)
    }
  connection.onLocalDescription(unlessClosed((sdp: string) => signal({ kind: 'offer', sdp })))
  connection.onLocalCandidate(unlessClosed((line: string, mid: string) => onceAnswered(() => tellAddress(line, mid))))
  connection.onStateChange(
    unlessClosed((now: string) => {
      if (now === 'disconnected' || now === 'failed' || now === 'closed') close()
    }),
  )
  track.onOpen(
    unlessClosed(() => {
      state = 'connected'
      connected()
    }),
  )
  track.onMessage(unlessClosed((datagram: Buffer) => rtp.take(datagram)))
  function tellAddress(line: string, mid: string): void {
    const candidate = line.replace(/^a=/, '')
    signal({ kind: 'candidate', candidate, mid })
    const known = place.publicIp && behindPublicIp(candidate, place.publicIp)
    if (known) signal({ kind: 'candidate', candidate: known, mid })
  }

  function onceAnswered(name: () => void): void {
    if (!heldBack) name()
    else if (heldBack.length < mostHeldBack) heldBack.push(name)
  }

  function close(): void {
    if (state === 'closed') return
    state = 'closed'
    giveUp()
    connection.close()
    gone()
  }

  return {
    offer: () => attempt(() => connection.setLocalDescription(), close),
    /** What the console says comes unread through the server: an answer that the library refuses ends the attempt. */
    answer(sdp: string): void {
      attempt(() => connection.setRemoteDescription(sdp, 'answer'), close)
      const names = heldBack ?? []
      heldBack = undefined
      if (state !== 'closed') for (const name of names) name()
    },
    address(candidate: string, mid: string): void {
      // A name of this kind is known in the browser's own network alone; its packets show the address anyway.
      if (candidate === '' || /\.local\b/.test(candidate)) return
      onceAnswered(() =>
        attempt(
          () => connection.addRemoteCandidate(candidate, mid),
          () => undefined,
        ),
      )
    },
    send(alaw160: Uint8Array): void {
      if (state === 'connected') rtp.send(alaw160)
    },
    heardMs: rtp.heardMs,
    isConnected: () => state === 'connected',
    close,
  }

  function attempt(act: () => void, otherwise: () => void): void {
    if (state === 'closed') return
    try {
      act()
    } catch {
      otherwise()
    }
  }
}

const isAnywhere = (host: string) => host === '0.0.0.0' || host === '::'

/** Where a router passes the same port on to this machine (1:1), the address that the world sees. */
function behindPublicIp(candidate: string, publicIp: string): string | undefined {
  const parts = candidate.split(' ')
  const isOurs = parts[7] === 'host' && isIPv4(parts[4] ?? '') === isIPv4(publicIp) && parts[4] !== publicIp
  return isOurs ? parts.with(4, publicIp).with(0, `${parts[0]}0`).join(' ') : undefined
}
