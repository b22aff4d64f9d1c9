import fc from 'fast-check'
import { expect, it } from 'vitest'
import { furthest, heardText, type SpokenSentence } from '../../../telephony/turn-taking/heard.ts'

const answer: SpokenSentence[] = [
  { text: '可以备案。', durationMs: 1_000 },
  { text: '请带身份证。', durationMs: 1_200 },
]

it('holds whole sentences and the played share of the one that was cut', () => {
  expect(heardText(answer, { sentence: 0, ms: 0 })).toBe('')
  expect(heardText(answer, { sentence: 0, ms: 400 })).toBe('可以')
  expect(heardText(answer, { sentence: 1, ms: 600 })).toBe('可以备案。请带身')
  expect(heardText(answer, { sentence: 2, ms: 0 })).toBe('可以备案。请带身份证。')
})

it('never cuts a rare character in half', () => {
  expect(heardText([{ text: '𰻝面', durationMs: 1_000 }], { sentence: 0, ms: 500 })).toBe('𰻝')
})

it('is always a beginning of what was to be said, and grows with the cursor', () => {
  const sentences = fc.array(
    fc.record({ text: fc.string({ unit: 'grapheme' }), durationMs: fc.integer({ min: 0, max: 9_000 }) }),
  )
  const cursors = fc.record({ sentence: fc.integer({ min: -1, max: 9 }), ms: fc.integer({ min: -5, max: 10_000 }) })
  fc.assert(
    fc.property(sentences, cursors, cursors, (spoken, one, other) => {
      const whole = spoken.map(({ text }) => text).join('')
      expect(whole.startsWith(heardText(spoken, one))).toBe(true)
      expect(heardText(spoken, furthest(one, other)).startsWith(heardText(spoken, one))).toBe(true)
    }),
  )
})
