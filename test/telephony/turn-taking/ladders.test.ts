import { expect, it } from 'vitest'
import { climbMiss, climbSilence, groundFloor, judge, pastPerson } from '../../../telephony/turn-taking/ladders.ts'
import type { Expectation } from '../../../telephony/turn-taking/expectation.ts'

function climb(expects: Expectation, times: number): string[] {
  let ladders = groundFloor
  return Array.from({ length: times }, () => {
    const climbed = climbSilence(ladders, expects)
    ladders = climbed.ladders
    return climbed.rung
  })
}

it('climbs a silence from a question to the end, and stays there', () => {
  expect(climb({ kind: 'open' }, 6)).toEqual([
    'reprompt',
    'reprompt-with-keys',
    'person',
    'callback',
    'hang-up',
    'hang-up',
  ])
})

it('asks nobody twice to rate', () => {
  expect(climb({ kind: 'rating' }, 1)).toEqual(['hang-up'])
})

it('climbs misses to a person', () => {
  const first = climbMiss(groundFloor)
  const second = climbMiss(first.ladders)
  const third = climbMiss(second.ladders)
  expect([first.rung, second.rung, third.rung, climbMiss(third.ladders).rung]).toEqual([
    'rephrase',
    'offer-topics',
    'person',
    'person',
  ])
})

it('goes from a person who did not come to the callback, never back down', () => {
  expect(climbSilence(pastPerson(groundFloor), { kind: 'open' }).rung).toBe('callback')
  expect(climbSilence(pastPerson({ silences: 4, misses: 0 }), { kind: 'open' }).rung).toBe('hang-up')
})

it('takes what is sure, asks about what is not, drops the rest', () => {
  expect([1, 0.7, 0.69, 0.4, 0.39, 0].map(judge)).toEqual(['take', 'take', 'confirm', 'confirm', 'miss', 'miss'])
})
