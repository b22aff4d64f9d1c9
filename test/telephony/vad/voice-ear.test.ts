import { beforeAll, describe, expect, it } from 'vitest'
import { encodeAlaw } from '../../../telephony/rtp/g711.ts'
import type { VoiceEvent } from '../../../telephony/vad/voice-activity.ts'
import { loadVoiceDetectors, type VoiceDetectors } from '../../../telephony/vad/voice-detector.ts'
import { voiceEar } from '../../../telephony/vad/voice-ear.ts'
import { aNoise, aVoice, oneAfterAnother, silence, together } from './voice.ts'

let detectors: VoiceDetectors
beforeAll(async () => {
  detectors = await loadVoiceDetectors()
})

function heard(sound: Int16Array, raisedDb = 0): VoiceEvent[] {
  const ear = voiceEar(detectors.open(2))
  const events: VoiceEvent[] = []
  for (let at = 0; at + 160 <= sound.length; at += 160) {
    const { event, samples } = ear.hear(encodeAlaw(sound.subarray(at, at + 160)), raisedDb)
    expect(samples).toHaveLength(160)
    if (event) events.push(event)
  }
  ear.close()
  return events
}

const twoSentences = oneAfterAnother(silence(1_000), aVoice(1_500), silence(1_000), aVoice(1_000), silence(1_000))

describe('a voice', () => {
  it.each([
    ['on a clean line', 0],
    ['on a noisy line', 250],
  ])('%s is heard from its beginning to its end', (_, noise) => {
    const told = heard(together(twoSentences, aNoise(5_500, noise)))
    expect(told.map(({ kind }) => kind)).toEqual(['start', 'end', 'start', 'end'])
    const wanted = [1_000, 2_500, 3_500, 4_500]
    told.forEach(({ atMs }, i) => expect(Math.abs(atMs - (wanted[i] ?? NaN))).toBeLessThanOrEqual(140))
  })

  it('that is too quiet, or our own coming back, is not taken for the caller', () => {
    expect(heard(together(silence(3_000), aVoice(2_000, 60)))).toEqual([])
    expect(heard(twoSentences, 30)).toEqual([])
  })
})

it('hears nobody in silence, in steady noise or in a dialling tone', () => {
  const tone = Int16Array.from({ length: 24_000 }, (_, i) => 300 * Math.sin((2 * Math.PI * 450 * i) / 8_000))
  expect(heard(silence(3_000))).toEqual([])
  expect(heard(aNoise(5_000, 100))).toEqual([])
  expect(heard(tone)).toEqual([])
})

it('gets used to a noise that begins in the middle of a call, and hears the caller above it', () => {
  const noise = oneAfterAnother(silence(1_000), aNoise(7_000, 600))
  const voice = oneAfterAnother(silence(6_000), aVoice(1_000))
  const told = heard(together(noise, voice))
  const last = told.slice(-2)
  expect(last.map(({ kind }) => kind)).toEqual(['start', 'end'])
  expect(Math.abs((last[0]?.atMs ?? NaN) - 6_000)).toBeLessThanOrEqual(140)
  expect(told.slice(0, -2).every(({ atMs }) => atMs < 4_500)).toBe(true)
})

it('keeps the calls apart, and nothing of a call that is over', () => {
  const [one, other] = [detectors.open(), detectors.open()]
  const voice = aVoice(400)
  const isHeard = (detector: typeof one, sound: Int16Array) =>
    Array.from({ length: 20 }, (_, i) => detector.isVoice(sound.subarray(i * 160, (i + 1) * 160))).some(Boolean)
  expect([isHeard(one, voice), isHeard(other, silence(400))]).toEqual([true, false])
  expect(detectors.inUse()).toBe(2)
  one.close()
  one.close()
  expect(isHeard(one, voice)).toBe(false)
  expect(isHeard(other, voice)).toBe(true)
  other.close()
  expect(detectors.inUse()).toBe(0)
  for (let i = 0; i < 20_000; i++) detectors.open().close()
  expect(detectors.inUse()).toBe(0)
})

it('takes no frame of another length', () => {
  const detector = detectors.open(3)
  for (const length of [0, 80, 159, 320]) expect(detector.isVoice(aVoice(100).subarray(0, length))).toBe(false)
  detector.close()
})
