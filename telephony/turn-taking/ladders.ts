/**
 * What happens when a caller says nothing, or nothing that can be understood: each time one rung higher, and the last
 * rung is a person, a callback, or the end. A success puts both counters back; nothing else does, so no wait is endless.
 */
import type { Expectation, ExpectationKind } from './expectation.ts'

export const silenceMs = 5_000

/** `person` is asked of the server; nobody there and still silent: a callback to the calling number, then the end. */
export type SilenceRung = 'reprompt' | 'reprompt-with-keys' | 'person' | 'callback' | 'hang-up'
export type MissRung = 'rephrase' | 'offer-topics' | 'person'
export type Ladders = { silences: number; misses: number }

export const groundFloor: Ladders = { silences: 0, misses: 0 }

const silenceRungs = ['reprompt', 'reprompt-with-keys', 'person', 'callback', 'hang-up'] as const
const missRungs = ['rephrase', 'offer-topics', 'person'] as const

/** A rating is voluntary: whoever keeps silent is not asked a second time. */
const ownSilenceRungs: Partial<Record<ExpectationKind, readonly SilenceRung[]>> = { rating: ['hang-up'] }

export function climbSilence(ladders: Ladders, expects: Expectation): { ladders: Ladders; rung: SilenceRung } {
  const rungs = ownSilenceRungs[expects.kind] ?? silenceRungs
  return { ladders: { ...ladders, silences: ladders.silences + 1 }, rung: rungs[ladders.silences] ?? 'hang-up' }
}

export function climbMiss(ladders: Ladders): { ladders: Ladders; rung: MissRung } {
  return { ladders: { ...ladders, misses: ladders.misses + 1 }, rung: missRungs[ladders.misses] ?? 'person' }
}

/** Nobody came to a waiting caller: the next rung is the callback, whatever came before. */
export function pastPerson(ladders: Ladders): Ladders {
  return { ...ladders, silences: Math.max(ladders.silences, silenceRungs.indexOf('callback')) }
}

/** What a recogniser's confidence in [0, 1] is good for: take it, ask whether it was meant, or count it as a miss. */
export function judge(confidence: number): 'take' | 'confirm' | 'miss' {
  return confidence >= 0.7 ? 'take' : confidence >= 0.4 ? 'confirm' : 'miss'
}
