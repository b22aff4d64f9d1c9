/** Whose each move of a revision is, wherever it is asked for. */
import { Problem } from '../../contract/problem.ts'
import type { Role } from '../../contract/staff.ts'
import type { RevisionMove } from '../../knowledge/revision-moves.ts'

/** Whoever writes submits, whoever reviews approves; what both have seen either may publish or take back. */
const rolesOf: Record<RevisionMove, readonly Role[]> = {
  submit: ['editor'],
  approve: ['reviewer'],
  publish: ['editor', 'reviewer'],
  withdraw: ['editor', 'reviewer'],
}

/** Publishing although questions get worse takes a reviewer's word. @throws Problem not_allowed. */
export function mustMaySign(roles: readonly Role[], override: string | undefined): void {
  if (override !== undefined && !roles.includes('reviewer'))
    throw new Problem('not_allowed', 'only a reviewer signs for what gets worse')
}

/** @throws Problem not_allowed. */
export function mustMay(roles: readonly Role[], move: RevisionMove): void {
  if (!rolesOf[move].some((role) => roles.includes(role)))
    throw new Problem('not_allowed', `${move} needs one of ${rolesOf[move].join()}`)
}
