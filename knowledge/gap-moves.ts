/**
 * How a gap travels from a question that nobody answered to people who were told the answer. Pure.
 *
 * A published gap is never opened again: what is asked after that and not answered is a gap of its own, because the
 * text that closed the first one did not help. A dismissed one keeps gathering and can be taken up again.
 */
import type { RevisionState } from '../contract/entry.ts'
import type { GapState } from '../contract/gap.ts'

export type GapMove = 'draft' | 'publish' | 'fall-back' | 'tell' | 'untell' | 'dismiss' | 'reopen'

const moves: Record<GapState, Partial<Record<GapMove, GapState>>> = {
  open: { draft: 'drafting', dismiss: 'dismissed' },
  drafting: { publish: 'published', 'fall-back': 'open', dismiss: 'dismissed' },
  published: { tell: 'told' },
  told: { untell: 'published' },
  dismissed: { reopen: 'open' },
}

/** States in which a gap still gathers questions. */
export const gathering: readonly GapState[] = ['open', 'drafting', 'dismissed']

/** @returns the state after the move, undefined when it is not legal. */
export function afterGapMove(state: GapState, move: GapMove): GapState | undefined {
  return moves[state][move]
}

/** What is asked into the one may be asked into the other from now on: nobody has been told of either. */
export function mayMerge(from: GapState, into: GapState): boolean {
  return from === 'open' && (into === 'open' || into === 'drafting')
}

/** A question may still be taken out for another gap. */
export function mayTakeOut(from: GapState): boolean {
  return from === 'open' || from === 'drafting'
}

/**
 * What became of the draft that was to answer a gap.
 * @param since the states of that draft and of every later revision of its entry.
 */
export function moveByDraft(since: readonly RevisionState[]): Extract<GapMove, 'publish' | 'fall-back'> | undefined {
  if (since.some((state) => state === 'published' || state === 'superseded')) return 'publish'
  if (since.every((state) => state === 'withdrawn')) return 'fall-back'
  return undefined
}
