/**
 * Shifts of the duty roster: who is on duty at a moment, whom to tell next, and what a copied week or the office hours
 * of a month make. Pure; days and hours are the bureau's, and a shift may reach into the next day.
 */
import type { NewShift } from '../contract/shift.ts'
import { businessTime, isWorkingDay, officeHours, type Calendar } from './working-days.ts'

export type Shift = NewShift & { id: string }

const dayMs = 24 * 3_600_000

export const startOf = ({ day, from }: NewShift) => businessTime(day, from)
export function endOf({ day, from, to }: NewShift): Date {
  const end = to === '24:00' ? new Date(businessTime(day, '00:00').getTime() + dayMs) : businessTime(day, to)
  return to > from ? end : new Date(end.getTime() + dayMs)
}

const covers = (shift: NewShift, now: Date) => startOf(shift) <= now && now < endOf(shift)

/** First to be told first; who stands in two shifts is named once. */
export function onDuty<S extends NewShift>(shifts: readonly S[], now: Date): S[] {
  const there = shifts.filter((shift) => covers(shift, now))
  const sorted = there.sort((a, b) => a.rank - b.rank || startOf(a).getTime() - startOf(b).getTime())
  return sorted.filter((shift, i) => sorted.findIndex(({ staffId }) => staffId === shift.staffId) === i)
}

export function nextOnDuty<S extends NewShift>(shifts: readonly S[], now: Date): S | undefined {
  const [next] = shifts
    .filter((shift) => startOf(shift) > now)
    .sort((a, b) => startOf(a).getTime() - startOf(b).getTime() || a.rank - b.rank)
  return next
}

type Untaken = { askedAt: Date; told: readonly string[]; isStaffed: boolean }

/**
 * Whom to tell now of somebody who waits, if it is time: the first after `afterMs`, or at once where nobody is at a
 * desk, and each of the others so much later.
 *
 * @param untaken.told who of those on duty has been told before.
 * @param duty those on duty whom a call reaches, first to be told first.
 */
export function toTell<S extends NewShift>(
  { askedAt, told, isStaffed }: Untaken,
  duty: readonly S[],
  now: Date,
  afterMs: number,
): S | undefined {
  const dueMs = afterMs * (isStaffed ? told.length + 1 : told.length)
  if (now.getTime() - askedAt.getTime() < dueMs) return undefined
  return duty.find(({ staffId }) => !told.includes(staffId))
}

/** With nobody at a desk: somebody of the roster has been told, or will be, and may still come. @param mayCome how many. */
export function mayStillCome(askedAt: Date, mayCome: number, now: Date, afterMs: number): boolean {
  return now.getTime() - askedAt.getTime() < afterMs * mayCome
}

/** The shifts of the week that `from` lies in, as they would stand in the week of `to`. */
export function copiedWeek(shifts: readonly NewShift[], from: string, to: string): NewShift[] {
  const shift = daysFrom(mondayOf(from), mondayOf(to))
  return shifts
    .filter(({ day }) => mondayOf(day) === mondayOf(from))
    .map(({ day, from: begins, to: ends, staffId, rank }) => ({
      ...{ day: daysAfter(day, shift), from: begins, to: ends, staffId, rank },
    }))
}

/** @param month 'YYYY-MM'. */
export function officeShifts(month: string, staffIds: readonly string[], calendar: Calendar): NewShift[] {
  return daysOf(month)
    .filter((day) => isWorkingDay(day, calendar))
    .flatMap((day) => staffIds.map((staffId, i) => ({ day, ...officeHours, staffId, rank: i + 1 })))
}

/** Every day of a month, 'YYYY-MM-DD'. */
export function daysOf(month: string): string[] {
  const days: string[] = []
  for (let day = `${month}-01`; day.startsWith(month); day = daysAfter(day, 1)) days.push(day)
  return days
}

export function mondayOf(day: string): string {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  return daysAfter(day, -weekday)
}

export function daysAfter(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10)
}

const daysFrom = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / dayMs)
