import { expect, it, vi } from 'vitest'
import type { Answer } from '../../contract/answer.ts'
import type { Asked } from '../../knowledge/answerer.ts'
import { remembering } from '../../knowledge/remembered-answers.ts'

const asked = (given: Partial<Asked> = {}): Asked => ({ question: '新生儿怎么参保', on: '2026-11-22', ...given })
function anAnswerer() {
  let looked = 0
  const answer = vi.fn<(asked: Asked) => Answer>(() => ({ outcome: 'unknown', score: ++looked }))
  return { answer, remembered: remembering({ answer }).answer }
}

it('looks once for the same words of the same asker on the same day', () => {
  const { remembered, answer } = anAnswerer()
  expect([1, 2, 3].map(() => remembered(asked()).score)).toEqual([1, 1, 1])
  expect(answer).toHaveBeenCalledTimes(1)
})

it.each<Partial<Asked>>([
  { question: '新生儿怎么参保？' },
  { region: '420100' },
  { insurance: 'resident' },
  { on: '2026-11-23' },
  { voice: true },
])('looks again where it is asked otherwise: %o', (given) => {
  const { remembered } = anAnswerer()
  expect(remembered(asked()).score).toBe(1)
  expect(remembered(asked(given)).score).toBe(2)
  expect(remembered(asked()).score).toBe(1)
})

it('does not keep long stories, nor what an embedding service had a word in', () => {
  const { remembered } = anAnswerer()
  const story = asked({ question: '我'.repeat(61) })
  const alike = asked({ alike: () => 1 })
  expect([story, story, alike, alike].map((one) => remembered(one).score)).toEqual([1, 2, 3, 4])
})

it('forgets what was asked longest ago', () => {
  const { remembered } = anAnswerer()
  for (let n = 1; n <= 2_000; n++) remembered(asked({ question: `问题${n}` }))
  expect(remembered(asked({ question: '问题1' })).score).toBe(1)
  remembered(asked({ question: '问题2001' }))
  expect(remembered(asked({ question: '问题1' })).score).toBe(1)
  expect(remembered(asked({ question: '问题2' })).score).toBe(2_002)
})
