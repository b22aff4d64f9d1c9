/**
 * How long somebody stays signed in, as a rule without a database: so long after they last did something themselves,
 * and never longer than a day's work. The three offices are left alone for a quarter of an hour, everybody else for half
 * of one (GB/T 22239 level 3, 8.1.4.1 b).
 */
import { officesIn, type Role } from '../contract/staff.ts'

const minuteMs = 60_000
export const sessionLengthMs = 12 * 60 * minuteMs
const idleMs = { desk: 30 * minuteMs, office: 15 * minuteMs } as const

export const idleLimitMs = (roles: readonly Role[]): number =>
  officesIn(roles).length > 0 ? idleMs.office : idleMs.desk

/** When they are signed out unless they do something before. */
export function idleEndsAt(usedAt: Date, roles: readonly Role[]): Date {
  return new Date(usedAt.getTime() + idleLimitMs(roles))
}

/**
 * Whether it is worth asking if they are on a call: speaking touches neither mouse nor keys, and whoever speaks is there.
 * A chat is no such sign: its agent writes, and that is seen.
 */
export function mayBeSpeaking(usedAt: Date, roles: readonly Role[], now: Date): boolean {
  return now.getTime() - usedAt.getTime() > idleLimitMs(roles) / 2
}
