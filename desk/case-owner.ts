/** 改派: who may be given a case. Pure. */
import { isFinal, type CaseState } from '../contract/case.ts'
import { faultyField, Problem } from '../contract/problem.ts'
import type { Role } from '../contract/staff.ts'
import { handlers } from './case.ts'

export const worksCases = (roles: readonly Role[]): boolean => handlers.some((role) => roles.includes(role))

type Wanted = { id: string; roles: readonly Role[]; isDisabled: boolean }

/** @throws Problem illegal_move where the case is over; invalid_input naming `ownerId`. */
export function mustMayOwn(
  file: { state: CaseState; ownerId: string; ratedStaffId?: string },
  wanted: Wanted | undefined,
): asserts wanted is Wanted {
  if (isFinal(file.state)) throw new Problem('illegal_move', `a case that is ${file.state} is given to nobody`)
  if (!wanted || wanted.isDisabled || !worksCases(wanted.roles)) throw faultyField('ownerId', '这位同事不办理整改单')
  if (wanted.id === file.ratedStaffId) throw faultyField('ownerId', '这张整改单说的就是这位同事，不能由本人办理')
  if (wanted.id === file.ownerId) throw faultyField('ownerId', '已经由这位同事负责')
}
