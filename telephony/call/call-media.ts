/** What two descriptions of a call's sound agree on: our answer or offer, and where the caller is. */
import type { IncomingCall } from '../sip/call.ts'
import { makeAnswer, makeOffer, meet, type LocalMedia, type RemoteSdp } from '../sip/sdp.ts'
import type { RemoteMedia } from '../rtp/media.ts'

/** @returns undefined when they named no sound that we speak. */
export function remoteMedia(remote: RemoteSdp | undefined, signallingHost: string): RemoteMedia | undefined {
  const audio = remote?.audio
  const codec = audio?.codecs[0]
  if (!audio || !codec) return undefined
  const { host, port, keysPayload } = audio
  return { host, port, codecs: [codec], keysPayload, direction: meet(audio.direction, 'sendrecv'), signallingHost }
}

/** Our side of a call: one session id, a version that goes up with everything that we say anew. */
export function localMedia({ localHost }: Pick<IncomingCall, 'localHost'>, port: number, sessionId: number) {
  let version = 0
  const local = (): LocalMedia => ({ host: localHost, port, sessionId, version: ++version })
  return {
    /** @returns undefined when nothing of the offer can be taken. */
    answer: (offer: RemoteSdp | undefined) => (offer ? makeAnswer(offer, local()) : makeOffer(local())),
  }
}

/** The caller's telephone does not listen now. */
export const isOnHold = ({ direction }: RemoteMedia) => direction === 'inactive' || direction === 'recvonly'

/** Sound in packets of any length, in frames of 160 bytes. */
export function frames(size: number, frame: (whole: Uint8Array) => void) {
  let rest = new Uint8Array(0)
  return (sound: Uint8Array): void => {
    if (rest.length === 0 && sound.length === size) return frame(sound)
    let all = new Uint8Array(Buffer.concat([rest, sound]))
    for (; all.length >= size; all = all.slice(size)) frame(all.slice(0, size))
    rest = all
  }
}
