/** This computer's microphone and loudspeaker, as frames of the line. Opened by a click, because browsers ask for one. */
import { whyOff, type WhyOff } from './call.ts'
import { frameSamples } from './g711.ts'
import type { Played } from './worklets.ts'
import workletsUrl from './worklets.ts?worker&url'

const microphoneWanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 }

type Ends = {
  captured: (alaw: Uint8Array) => void
  played: (what: Played) => void
  /** The microphone was pulled out or taken away. */
  lost: () => void
}
export type Sound = { play: (alaw: Uint8Array) => void; mute: (on: boolean) => void; close: () => void }

/** Browsers give microphones to https pages alone, and to this very computer. */
export const isMicrophoneAllowed = () => window.isSecureContext

/** Asks for the microphone, which may take as long as the person thinks. */
export async function openSound(ends: Ends): Promise<Sound | { off: WhyOff }> {
  if (!isMicrophoneAllowed()) return { off: 'insecure' }
  let microphone: MediaStream | undefined
  // Made before anything is waited for: it may sound only if a click made it.
  const context = new AudioContext({ latencyHint: 'interactive' })
  try {
    microphone = await navigator.mediaDevices.getUserMedia({ audio: microphoneWanted })
    await context.audioWorklet.addModule(workletsUrl)
    await context.resume()
    return wired(context, microphone, ends)
  } catch (error) {
    release(context, microphone)
    console.error(error)
    return { off: whyOff(error instanceof Error ? error.name : '') }
  }
}

function wired(context: AudioContext, microphone: MediaStream, { captured, played, lost }: Ends): Sound {
  const capture = new AudioWorkletNode(context, 'capture', { channelCount: 1, channelCountMode: 'explicit' })
  const playback = new AudioWorkletNode(context, 'playback', { numberOfInputs: 0, outputChannelCount: [1] })
  // Capture puts out nothing; it is connected because a node that leads nowhere may not be run.
  context.createMediaStreamSource(microphone).connect(capture).connect(context.destination)
  playback.connect(context.destination)
  capture.port.onmessage = ({ data }: MessageEvent<Uint8Array>) => captured(data)
  playback.port.onmessage = ({ data }: MessageEvent<Played>) => played(data)
  const tracks = microphone.getAudioTracks()
  for (const track of tracks) track.onended = lost
  // Another program, or a headset that changes its profile, may stop the context.
  context.onstatechange = () => {
    if (context.state !== 'running' && context.state !== 'closed') void context.resume()
  }

  return {
    play(alaw) {
      if (alaw.length === frameSamples) playback.port.postMessage(alaw, [alaw.buffer])
    },
    mute(on) {
      for (const track of tracks) track.enabled = !on
    },
    close() {
      capture.port.onmessage = null
      playback.port.onmessage = null
      release(context, microphone)
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
