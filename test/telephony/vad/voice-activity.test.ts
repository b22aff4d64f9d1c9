import fc from 'fast-check'
import { expect, it } from 'vitest'
import { levelDbOf, usualVoiceRules, voiceActivity, type Judgement } from '../../../telephony/vad/voice-activity.ts'

const quiet: Judgement = { isVoice: false, levelDb: -60 }
const voice: Judgement = { isVoice: true, levelDb: -20 }
const times = (count: number, judgement: Judgement) => Array.from({ length: count }, () => judgement)

function events(judgements: readonly Judgement[]) {
  const activity = voiceActivity()
  return judgements.flatMap((judgement) => activity.hear(judgement) ?? [])
}

it('tells where speech began and where it was last heard', () => {
  expect(events([...times(10, quiet), ...times(20, voice), ...times(20, quiet)])).toEqual([
    { kind: 'start', atMs: 200 },
    { kind: 'end', atMs: 600, spokeMs: 400 },
  ])
})

it('takes a click for no speech, and gaps between syllables for no end', () => {
  expect(events([...times(5, quiet), ...times(2, voice), ...times(20, quiet)])).toEqual([])
  const syllables = Array.from({ length: 6 }, () => [...times(6, voice), ...times(7, quiet)]).flat()
  expect(events([...times(5, quiet), ...syllables, ...times(20, quiet)]).map(({ kind }) => kind)).toEqual([
    'start',
    'end',
  ])
})

it('asks a voice to stand out of the noise of the line, and to be louder while we speak', () => {
  const hum: Judgement = { isVoice: false, levelDb: -24 }
  expect(events([...times(400, hum), ...times(50, voice)])).toEqual([])
  expect(events([...times(10, quiet), ...times(50, { ...voice, raisedDb: 30 })])).toEqual([])
  expect(events([...times(10, quiet), ...times(50, { isVoice: true, levelDb: -50 })])).toEqual([])
})

it('weighs the voice of the speech under way without its gaps', () => {
  const activity = voiceActivity()
  for (const judgement of [...times(10, voice), ...times(5, quiet), ...times(5, voice)]) activity.hear(judgement)
  expect(activity.isSpeaking()).toBe(true)
  expect(activity.voicedMs()).toBe(300)
  for (const judgement of times(10, quiet)) activity.hear(judgement)
  expect([activity.isSpeaking(), activity.voicedMs()]).toEqual([false, 0])
})

it('tells starts and ends in turn, in order of time, and never of more speech than there was time', () => {
  const judgement = fc.record({ isVoice: fc.boolean(), levelDb: fc.double({ min: -96, max: 0, noNaN: true }) })
  fc.assert(
    fc.property(fc.array(judgement, { maxLength: 400 }), (all) => {
      const told = events(all)
      told.forEach((event, i) => {
        expect(event.kind).toBe(i % 2 === 0 ? 'start' : 'end')
        expect(event.atMs).toBeGreaterThanOrEqual(told[i - 1]?.atMs ?? 0)
        expect(event.atMs).toBeLessThanOrEqual(all.length * 20)
        if (event.kind === 'end') expect(event.spokeMs).toBeGreaterThanOrEqual(usualVoiceRules.startAfterMs)
      })
    }),
  )
})

it('measures loudness under full scale, and no steady part of it', () => {
  const loudest = Int16Array.from({ length: 160 }, (_, i) => (i % 2 ? 32_767 : -32_767))
  expect(levelDbOf(loudest)).toBeCloseTo(0, 1)
  expect(levelDbOf(new Int16Array(160).fill(8))).toBe(-96)
  expect(levelDbOf(new Int16Array(160))).toBe(-96)
})
