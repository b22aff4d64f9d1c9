import { expect, it } from 'vitest'
import { isFullNumber, keys, readKey, typingPauseMs } from '../../../telephony/turn-taking/call-keys.ts'
import type { Expectation } from '../../../telephony/turn-taking/expectation.ts'

const everyExpectation: Expectation[] = [
  { kind: 'open' },
  { kind: 'topic' },
  { kind: 'choices', count: 2 },
  { kind: 'yes-no' },
  { kind: 'number' },
  { kind: 'rating' },
  { kind: 'message' },
  { kind: 'nothing' },
]
const meant = (expects: Expectation, typed = '') =>
  Object.fromEntries(keys.map((key) => [key, readKey(expects, key, typed).kind]))

it('means a person by 0 and "again" by * whatever is awaited', () => {
  for (const expects of everyExpectation) {
    expect(readKey(expects, '*', '').kind).toBe('repeat')
    if (expects.kind !== 'number') expect(readKey(expects, '0', '12').kind).toBe('person')
  }
  expect(readKey({ kind: 'number' }, '#', '0').kind).toBe('person')
})

it('takes as many titles as were offered', () => {
  expect(meant({ kind: 'choices', count: 2 })).toMatchObject({ 1: 'choice', 2: 'choice', 3: 'unusable', 9: 'unusable' })
})

it('takes 1 to 5 for a rating, 1 and 2 for yes and no', () => {
  expect(meant({ kind: 'rating' })).toMatchObject({ 1: 'level', 5: 'level', 6: 'unusable' })
  expect(readKey({ kind: 'rating' }, '5', '')).toEqual({ kind: 'level', level: 5 })
  expect(readKey({ kind: 'yes-no' }, '1', '')).toEqual({ kind: 'yes-no', yes: true })
  expect(readKey({ kind: 'yes-no' }, '2', '')).toEqual({ kind: 'yes-no', yes: false })
})

it('collects digits of numbers and topics, zeros of numbers alone', () => {
  expect(readKey({ kind: 'number' }, '0', '13')).toEqual({ kind: 'digit', digit: '0' })
  expect(readKey({ kind: 'topic' }, '7', '')).toEqual({ kind: 'digit', digit: '7' })
  expect(readKey({ kind: 'nothing' }, '7', '').kind).toBe('ignored')
})

it('knows a number that is complete, and how long to wait for the rest', () => {
  expect(['13805611234', '1380561123', '055412345678', '05541234567'].map(isFullNumber)).toEqual([
    true,
    false,
    true,
    false,
  ])
  expect([typingPauseMs({ kind: 'number' }, '0'), typingPauseMs({ kind: 'number' }, '055')]).toEqual([2_000, 3_000])
})
