/**
 * 回访: after a fix was told to the citizen, somebody asks whether it is one. Whoever is reached ends it; nobody counts
 * as not to be reached before they were rung as often as the rule of the kind says.
 */
import type { FollowUp } from '../contract/case.ts'
import { Problem } from '../contract/problem.ts'

/** @param done calls already made in this round. @returns whether this call ends the follow-up. */
export function endsFollowUp(result: FollowUp['result'], done: number, needed: number): boolean {
  return result !== 'unreachable' || done + 1 >= needed
}

/** @throws Problem invalid_input (field followUp) where somebody would be given up too early. */
export function mustHaveTried(result: FollowUp['result'], done: number, needed: number): void {
  if (endsFollowUp(result, done, needed)) return
  const told = `联系不上的，要联系 ${needed} 次才能登记；这是第 ${done + 1} 次，请先登记这次回访`
  throw new Problem('invalid_input', `call ${done + 1} of ${needed}`, { fields: [{ path: 'followUp', message: told }] })
}
