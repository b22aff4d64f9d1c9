/**
 * Which buttons a revision offers to whom. The server rules (an approver is never the author, states move in one
 * order); this table only spares people buttons that could never work for them.
 */
import type { Revision, RevisionState } from '../../contract/entry.ts'
import type { Role } from '../../contract/staff.ts'
import { hasRole } from '../access.ts'

export type RevisionMove = 'submit' | 'approve' | 'publish' | 'withdraw'

const moves: readonly { move: RevisionMove; from: readonly RevisionState[]; roles: readonly Role[] }[] = [
  { move: 'submit', from: ['draft'], roles: ['editor'] },
  { move: 'approve', from: ['submitted'], roles: ['reviewer'] },
  { move: 'publish', from: ['approved'], roles: ['editor', 'reviewer'] },
  { move: 'withdraw', from: ['draft', 'submitted', 'approved', 'published'], roles: ['editor', 'reviewer'] },
]

/** Shipped text that nobody of the bureau has approved. It answers already, so it is approved where it stands. */
export const isExample = ({ origin, reviewer }: Pick<Revision, 'origin' | 'reviewer'>) =>
  origin === 'pack' && reviewer === undefined

export function movesFor(
  revision: Pick<Revision, 'state' | 'origin' | 'reviewer'>,
  roles: readonly Role[],
): RevisionMove[] {
  const approvesExample = isExample(revision) && revision.state === 'published' && roles.includes('reviewer')
  const usual = moves.filter((rule) => rule.from.includes(revision.state) && hasRole(roles, rule.roles))
  return [...(approvesExample ? (['approve'] as const) : []), ...usual.map((rule) => rule.move)]
}

/** What this person may try with many at once; each one that may not is told by the server. */
export function bulkMovesFor(roles: readonly Role[]): RevisionMove[] {
  return moves.filter((rule) => hasRole(roles, rule.roles)).map((rule) => rule.move)
}
