import fc from 'fast-check'
import { expect, it } from 'vitest'
import { endpointDelayMs, firstPauseMs, learnPause } from '../../../telephony/turn-taking/endpointing.ts'

it('waits short after a choice, longer after a sentence, longest for a number', () => {
  expect(endpointDelayMs({ kind: 'yes-no' }, '是的', firstPauseMs)).toBe(400)
  expect(endpointDelayMs({ kind: 'choices', count: 3 }, '', firstPauseMs)).toBe(700)
  expect(endpointDelayMs({ kind: 'open' }, '异地就医怎么报销', firstPauseMs)).toBe(700)
  expect(endpointDelayMs({ kind: 'number' }, '一三八零五六一', firstPauseMs)).toBe(3_000)
  expect(endpointDelayMs({ kind: 'number' }, '13805611234', firstPauseMs)).toBe(1_500)
})

it('waits on when the sentence plainly goes on', () => {
  expect(endpointDelayMs({ kind: 'open' }, '我妈妈在上海住院，然后', firstPauseMs)).toBe(1_500)
})

it('learns that a caller pauses long, slowly, and takes no overlong silence for a pause', () => {
  let pauseMs = firstPauseMs
  for (let i = 0; i < 30; i++) pauseMs = learnPause(pauseMs, 1_000)
  expect(endpointDelayMs({ kind: 'open' }, '异地就医', pauseMs)).toBeCloseTo(1_274.6, 0)
  expect(learnPause(pauseMs, 3_001)).toBe(pauseMs)
})

it('stays between 400 and 3,000 ms whatever was heard', () => {
  const kinds = fc.constantFrom('open', 'topic', 'yes-no', 'number', 'rating', 'message', 'nothing')
  fc.assert(
    fc.property(kinds, fc.string(), fc.array(fc.integer({ min: 0, max: 9_000 })), (kind, text, pauses) => {
      const delay = endpointDelayMs({ kind }, text, pauses.reduce(learnPause, firstPauseMs))
      expect(delay).toBeGreaterThanOrEqual(400)
      expect(delay).toBeLessThanOrEqual(3_000)
    }),
  )
})
