/** One call's ear for speech: A-law frames in, starts and ends of speech out. It must be closed with the call. */
import { decodeAlaw } from '../rtp/g711.ts'
import { levelDbOf, voiceActivity, type VoiceEvent, type VoiceRules } from './voice-activity.ts'
import type { VoiceDetector } from './voice-detector.ts'

export type VoiceEar = ReturnType<typeof voiceEar>

export function voiceEar(detector: VoiceDetector, rules?: VoiceRules) {
  const activity = voiceActivity(rules)

  return {
    /**
     * @param alaw 160 bytes, as `onFrame` gives them.
     * @param raisedDb how much louder than usual a voice has to be, while we speak ourselves.
     * @returns the event, and the frame's samples for whoever recognises them.
     */
    hear(alaw: Uint8Array, raisedDb = 0): { event: VoiceEvent | undefined; samples: Int16Array } {
      const samples = decodeAlaw(alaw)
      const event = activity.hear({ isVoice: detector.isVoice(samples), levelDb: levelDbOf(samples), raisedDb })
      return { event, samples }
    },

    isSpeaking: activity.isSpeaking,
    voicedMs: activity.voicedMs,
    nowMs: activity.nowMs,
    close: () => detector.close(),
  }
}
