/**
 * When the caller begins to speak and when he has stopped, out of one judgement each 20 ms.
 *
 * A frame counts when the detector calls it speech and it stands out of the noise of this line. A start needs 100 ms
 * of such frames: a click is none, nor are the 80 ms that the detector takes to know a new noise. An end needs 200 ms
 * without, or two seconds that never rise and fall, which no speaker does. Times are of the call's own sound.
 * How long a silence ends a turn, and what may interrupt the bot, is for turn-taking to say.
 */
import { frameMs } from '../rtp/g711.ts'

export type VoiceRules = {
  startAfterMs: number
  endAfterMs: number
  /** Quieter than this is never speech. Decibels under full scale. */
  gateDb: number
  /** By how much speech stands out of the line's noise. */
  aboveNoiseDb: number
}

/** @property atMs where in the call's sound the voice began, or last was heard. */
export type VoiceEvent = { kind: 'start'; atMs: number } | { kind: 'end'; atMs: number; spokeMs: number }

export type Judgement = {
  isVoice: boolean
  levelDb: number
  /** How much louder than usual a voice has to be: while we speak ourselves, our echo is on the line. 0 otherwise. */
  raisedDb?: number
}

export const usualVoiceRules: VoiceRules = { startAfterMs: 100, endAfterMs: 200, gateDb: -45, aboveNoiseDb: 6 }

const quietestDb = -96
/** A line's noise is the least that was heard of it in two to three spans: speech has gaps within that time. */
const noiseSpanFrames = 50
const noiseSpans = 3

export function voiceActivity(rules: VoiceRules = usualVoiceRules) {
  let nowMs = 0
  let frames = 0
  let spans = [quietestDb]
  let isSpeaking = false
  let startedMs = 0
  let lastVoiceMs = 0
  /** Voice of the start that is being weighed, or of the speech under way. */
  let voicedMs = 0

  function followNoise(levelDb: number): void {
    if (levelDb <= quietestDb) return // a packet that was lost says nothing of the line
    if (frames++ % noiseSpanFrames === 0) spans = [...spans, levelDb].slice(-noiseSpans)
    const last = spans.length - 1
    spans[last] = Math.min(spans[last] ?? levelDb, levelDb)
  }

  function standsOut({ isVoice, levelDb, raisedDb = 0 }: Judgement): boolean {
    followNoise(levelDb)
    return isVoice && levelDb >= Math.max(rules.gateDb, Math.min(...spans) + rules.aboveNoiseDb) + raisedDb
  }

  return {
    /** One frame of 20 ms. */
    hear(judgement: Judgement): VoiceEvent | undefined {
      const frameStartMs = nowMs
      nowMs += frameMs
      if (standsOut(judgement)) {
        if (voicedMs === 0) startedMs = frameStartMs
        voicedMs += frameMs
        lastVoiceMs = nowMs
        if (isSpeaking || voicedMs < rules.startAfterMs) return undefined
        isSpeaking = true
        return { kind: 'start', atMs: startedMs }
      }
      if (!isSpeaking) {
        // Syllables have gaps; a start is given up only after as long a silence as it needs voice.
        if (nowMs - lastVoiceMs >= rules.startAfterMs) voicedMs = 0
        return undefined
      }
      if (nowMs - lastVoiceMs < rules.endAfterMs) return undefined
      isSpeaking = false
      voicedMs = 0
      return { kind: 'end', atMs: lastVoiceMs, spokeMs: lastVoiceMs - startedMs }
    },

    isSpeaking: () => isSpeaking,
    /** Voice in the speech under way, its gaps not counted: what an interruption is weighed by. 0 in silence. */
    voicedMs: () => (isSpeaking ? voicedMs : 0),
    /** How much of the call has been heard. */
    nowMs: () => nowMs,
  }
}

/** Loudness of a frame in decibels under full scale, -96 for silence. The steady part does not count. */
export function levelDbOf(samples: Int16Array): number {
  let sum = 0
  let squares = 0
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i] ?? 0
    sum += sample
    squares += sample * sample
  }
  const mean = sum / samples.length
  const power = squares / samples.length - mean * mean
  return power < 1 ? quietestDb : Math.max(quietestDb, 10 * Math.log10(power) - 20 * Math.log10(32_768))
}
