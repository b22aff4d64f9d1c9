/**
 * 审核: how a revision travels from an editor's draft to what the bot says. Pure; review.ts carries it out.
 *
 * There is no way back to draft: what was submitted stays as it was read, and a correction is a new revision.
 * Superseding is not a move of its own, it follows from publishing another revision.
 */
import type { z } from 'zod'
import type { RevisionState } from '../contract/entry.ts'
import type { revisionMove } from '../contract/http.ts'

export type RevisionMove = z.infer<typeof revisionMove>

const moves: Record<RevisionState, Partial<Record<RevisionMove, RevisionState>>> = {
  draft: { submit: 'submitted', withdraw: 'withdrawn' },
  submitted: { approve: 'approved', withdraw: 'withdrawn' },
  approved: { publish: 'published', withdraw: 'withdrawn' },
  published: { withdraw: 'withdrawn' },
  withdrawn: {},
  superseded: {},
}

/**
 * @param example shipped text that nobody of the bureau has approved. It is published already and may be
 * approved where it stands.
 * @returns the state after the move, undefined when the move is not legal.
 */
export function afterMove(state: RevisionState, move: RevisionMove, example: boolean): RevisionState | undefined {
  if (example && state === 'published' && move === 'approve') return 'published'
  return moves[state][move]
}
