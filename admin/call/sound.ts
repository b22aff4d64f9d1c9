/** This computer's microphone and loudspeaker, as frames of the line. Opened by a click, because browsers ask for one. */
import { whyOff, type WhyOff } from './call.ts'
import { frameSamples } from './g711.ts'
import type { Played } from './worklets.ts'
import workletsUrl from './worklets.ts?worker&url'

const microphoneWanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 }

type Listener = {
  captured: (alaw: Uint8Array) => void
  /** Ten times a second. */
  played: () => void
}
export type Sound = {
  microphone: MediaStreamTrack
  /** One listener; the last one given counts. */
  listen: (listener: Listener) => void
  play: (alaw: Uint8Array) => void
  /** What was played of late. */
  played: () => Played
  mute: (on: boolean) => void
  close: () => void
}

const nothingPlayed: Played = { ranDry: 0, dropped: 0, silent: 0, waiting: 0, loudness: 0 }

/** Browsers give microphones to https pages alone, and to this very computer. */
export const isMicrophoneAllowed = () => window.isSecureContext

/**
 * Asks for the microphone, which may take as long as the person thinks.
 * @param lost the microphone was pulled out or taken away.
 */
export async function openSound(lost: () => void): Promise<Sound | { off: WhyOff }> {
  if (!isMicrophoneAllowed()) return { off: 'insecure' }
  let microphone: MediaStream | undefined
  // Made before anything is waited for: it may sound only if a click made it.
  const context = new AudioContext({ latencyHint: 'interactive' })
  try {
    microphone = await navigator.mediaDevices.getUserMedia({ audio: microphoneWanted })
    const [track] = microphone.getAudioTracks()
    if (!track) throw new Error('a microphone without a track')
    await context.audioWorklet.addModule(workletsUrl)
    await context.resume()
    return wired(context, microphone, track, lost)
  } catch (error) {
    release(context, microphone)
    console.error(error)
    return { off: whyOff(error instanceof Error ? error.name : '') }
  }
}

function wired(context: AudioContext, stream: MediaStream, microphone: MediaStreamTrack, lost: () => void): Sound {
  const capture = new AudioWorkletNode(context, 'capture', { channelCount: 1, channelCountMode: 'explicit' })
  const playback = new AudioWorkletNode(context, 'playback', { numberOfInputs: 0, outputChannelCount: [1] })
  let listener: Listener | undefined
  let played = nothingPlayed
  // Capture puts out nothing; it is connected because a node that leads nowhere may not be run.
  context.createMediaStreamSource(stream).connect(capture).connect(context.destination)
  playback.connect(context.destination)
  capture.port.onmessage = ({ data }: MessageEvent<Uint8Array>) => listener?.captured(data)
  playback.port.onmessage = ({ data }: MessageEvent<Played>) => {
    played = data
    listener?.played()
  }
  microphone.onended = lost
  // Another program, or a headset that changes its profile, may stop the context.
  context.onstatechange = () => {
    if (context.state !== 'running' && context.state !== 'closed') void context.resume()
  }

  return {
    microphone,
    listen: (one) => void (listener = one),
    play(alaw) {
      if (alaw.length === frameSamples) playback.port.postMessage(alaw, [alaw.buffer])
    },
    played: () => played,
    mute: (on) => void (microphone.enabled = !on),
    close() {
      capture.port.onmessage = null
      playback.port.onmessage = null
      release(context, stream)
    },
  }
}

function release(context: AudioContext, microphone: MediaStream | undefined): void {
  for (const track of microphone?.getTracks() ?? []) {
    track.onended = null
    track.stop()
  }
  context.onstatechange = null
  if (context.state !== 'closed') void context.close()
}
