/**
 * What is awaited from the caller, and what the line's recogniser can take. Everything that depends on the question
 * (how long to wait, what a key means, how to ask again) is looked up by these two, never by the text of the question.
 */

import type { RecognitionCapability } from '../speech/recogniser.ts'

/** `none`: no words at all; `choices`: a closed list of phrases, no interim text; `open`: any sentence. */
export type Capability = RecognitionCapability

export type Expectation =
  /** Any words; a topic's code or initials by key are welcome too. */
  | { kind: 'open' }
  /** A topic's code or the initials of its title, by key: the question of a line without open recognition. */
  | { kind: 'topic' }
  /** One of the titles just offered, said or pressed; other words are taken as a new question. */
  | { kind: 'choices'; count: 1 | 2 | 3 }
  | { kind: 'yes-no' }
  /** A telephone number, by key or digit by digit. */
  | { kind: 'number' }
  /** 好差评: 1 to 5 by key. */
  | { kind: 'rating' }
  /** A spoken question that is recorded for the desk; ended by # or by silence. */
  | { kind: 'message' }
  /** Nothing in particular: more will be said. */
  | { kind: 'nothing' }

export type ExpectationKind = Expectation['kind']

export function isSameExpectation(one: Expectation, other: Expectation): boolean {
  if (one.kind === 'choices' && other.kind === 'choices') return one.count === other.count
  return one.kind === other.kind
}

/** An open question on a line that cannot take the answer is asked by key instead. */
export function askable(expects: Expectation, capability: Capability): Expectation {
  return expects.kind === 'open' && capability !== 'open' ? { kind: 'topic' } : expects
}
