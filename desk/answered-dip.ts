/**
 * When supervisors are told that too few calls of the last 24 hours were answered. Pure.
 *
 * A dip begins under the limit and is over only two points above it, so that a share which sways around the limit is told
 * of once. Of too few calls nothing is concluded, one way or the other.
 */
export type DipLimits = { below: number; leastCalls: number }
export type AnsweredCalls = { part: number; whole: number }

const recovery = 0.02

/** @returns whether it is a dip from now on. */
export function isDip(wasDip: boolean, { part, whole }: AnsweredCalls, { below, leastCalls }: DipLimits): boolean {
  if (whole < leastCalls || whole === 0) return wasDip
  const share = part / whole
  return wasDip ? share < Math.min(1, below + recovery) : share < below
}
