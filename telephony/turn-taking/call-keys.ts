/**
 * What a key means, by what is awaited. 0 is a person in every state; the one place where a number may begin with 0,
 * a telephone number, takes a lone 0 for a person as soon as no digit follows.
 */
import type { Level } from '../../contract/rating.ts'
import type { Expectation, ExpectationKind } from './expectation.ts'

export const keys = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#'] as const
export type Key = (typeof keys)[number]

export type KeyMeaning =
  | { kind: 'person' }
  | { kind: 'repeat' }
  /** # ends what is being typed or recorded; with nothing typed it means "enough": the bot stops and listens. */
  | { kind: 'end' }
  | { kind: 'digit'; digit: Key }
  | { kind: 'choice'; choice: 1 | 2 | 3 }
  | { kind: 'level'; level: Level }
  | { kind: 'yes-no'; yes: boolean }
  /** A key that stands for nothing here; the caller meant something, so it counts as a miss. */
  | { kind: 'unusable' }
  /** Nothing was asked, so nothing is missed. */
  | { kind: 'ignored' }

const levels: Partial<Record<Key, Level>> = { '1': 1, '2': 2, '3': 3, '4': 4, '5': 5 }
const choices: Partial<Record<Key, 1 | 2 | 3>> = { '1': 1, '2': 2, '3': 3 }

const digitMeaning: { [K in ExpectationKind]: (key: Key, expects: Extract<Expectation, { kind: K }>) => KeyMeaning } = {
  open: (digit) => ({ kind: 'digit', digit }),
  topic: (digit) => ({ kind: 'digit', digit }),
  number: (digit) => ({ kind: 'digit', digit }),
  choices: (key, { count }) => {
    const choice = choices[key]
    return choice && choice <= count ? { kind: 'choice', choice } : { kind: 'unusable' }
  },
  'yes-no': (key) => (key === '1' || key === '2' ? { kind: 'yes-no', yes: key === '1' } : { kind: 'unusable' }),
  rating: (key) => {
    const level = levels[key]
    return level ? { kind: 'level', level } : { kind: 'unusable' }
  },
  message: () => ({ kind: 'ignored' }),
  nothing: () => ({ kind: 'ignored' }),
}

/** @param typed the digits typed before this key. */
export function readKey(expects: Expectation, key: Key, typed: string): KeyMeaning {
  if (key === '*') return { kind: 'repeat' }
  if (key === '#') return expects.kind === 'number' && typed === '0' ? { kind: 'person' } : { kind: 'end' }
  if (key === '0') return expects.kind === 'number' ? { kind: 'digit', digit: key } : { kind: 'person' }
  return meaningOf(expects, key)
}

function meaningOf<K extends ExpectationKind>(expects: Extract<Expectation, { kind: K }>, key: Key): KeyMeaning {
  const mean: (key: Key, expects: Extract<Expectation, { kind: K }>) => KeyMeaning = digitMeaning[expects.kind]
  return mean(key, expects)
}

/** A pause in typing ends it, in ms: a lone 0 is a call for a person, digits of a number are read off a paper. */
export function typingPauseMs(expects: Expectation, typed: string): number {
  if (expects.kind !== 'number') return 2_500
  return typed === '0' ? 2_000 : 3_000
}

/** Typed in full, so that nobody has to press #: a mainland mobile number has eleven digits. */
export function isFullNumber(typed: string): boolean {
  return /^1\d{10}$/.test(typed) || typed.length >= 12
}
