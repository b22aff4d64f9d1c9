/**
 * When a caller has finished: how long the silence after their voice must last, by what they were asked and by how
 * they speak. Short after a yes or a choice, long where digits are read out; never over `longestDelayMs`.
 */
import type { Expectation } from './expectation.ts'
import { endsOpen, spokenDigits } from './words.ts'

export const longestDelayMs = 3_000
/** One utterance may last this long; a question that is recorded for the desk, `messageLimitMs`. */
export const utteranceLimitMs = 20_000
export const messageLimitMs = 60_000

/** The pause inside a sentence that we assume of a caller whom we have not heard yet. */
export const firstPauseMs = 400
/** Weight of what was known before (LiveKit's dynamic endpointing: an exponential average, 0.9). */
const memory = 0.9
/** A caller's own pause must not end their turn: the average and this much on top. */
const marginMs = 300
const openRangeMs = { from: 700, to: 1_500 }

/**
 * How long after the end of the voice a turn counts as finished, in [400, 3000] ms.
 *
 * @param text what has been recognised so far, '' when nothing or when there is no recogniser.
 * @param pauseMs the caller's average pause, from `learnPause`.
 */
export function endpointDelayMs(expects: Expectation, text: string, pauseMs: number): number {
  switch (expects.kind) {
    case 'yes-no':
    case 'choices':
    case 'rating':
      return text ? 400 : 700
    case 'number':
      return spokenDigits(text) >= 11 ? 1_500 : longestDelayMs
    case 'message':
      return longestDelayMs
    case 'open':
    case 'topic':
    case 'nothing':
      return endsOpen(text) ? openRangeMs.to : clamp(pauseMs + marginMs)
  }
}

/** A silence that turned out to be a pause, in ms, is taken into the average; an overlong one was none. */
export function learnPause(pauseMs: number, heardPauseMs: number): number {
  if (heardPauseMs > longestDelayMs) return pauseMs
  return memory * pauseMs + (1 - memory) * heardPauseMs
}

function clamp(ms: number): number {
  return Math.min(openRangeMs.to, Math.max(openRangeMs.from, ms))
}
