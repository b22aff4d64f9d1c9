/**
 * Working days (工作日), as the State Council's yearly notice makes them: days off on a weekday, and Saturdays or
 * Sundays worked instead (调休). A year without its notice follows the plain week, and the result says so.
 *
 * Days are 'YYYY-MM-DD' in the bureau's zone; no Date with a local time of day is ever compared here.
 */
import { faultyField } from '../contract/problem.ts'

export const businessZone = 'Asia/Shanghai'
/** Of a working day, as long as nothing else is kept. */
export const officeHours = { from: '09:00', to: '17:30' } as const

export type Calendar = {
  off: ReadonlySet<string>
  worked: ReadonlySet<string>
  /** Years whose notice is known. */
  years: ReadonlySet<number>
}

export function isWorkingDay(day: string, calendar: Calendar): boolean {
  if (calendar.worked.has(day)) return true
  if (calendar.off.has(day)) return false
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/**
 * The `days`-th working day after `from`, which itself is not counted. 0 days: `from` itself when it is a working
 * day, else the next one. `provisional`: a day looked at lies in a year whose notice is not out.
 *
 * @throws Problem invalid_input when the count leaves the year 9999.
 */
export function dueAfter(from: string, days: number, calendar: Calendar): { due: string; provisional: boolean } {
  let day = days === 0 ? from : nextDay(from)
  let left = Math.max(days, 1)
  let provisional = false
  for (;;) {
    provisional ||= !calendar.years.has(Number(day.slice(0, 4)))
    if (isWorkingDay(day, calendar) && --left === 0) return { due: day, provisional }
    day = nextDay(day)
  }
}

/** The `days`-th working day before `day`; 0 days: `day` itself. Days of a year without its notice are plain ones. */
export function workingDayBefore(day: string, days: number, calendar: Calendar): string {
  let left = days
  let before = day
  while (left > 0) {
    before = plusDays(before, -1)
    if (isWorkingDay(before, calendar)) left--
  }
  return before
}

/** The day on the bureau's wall, whatever TZ this process runs in. */
export function businessDay(now: Date): string {
  const { year, month, day } = wallClock(now)
  return `${year}-${month}-${day}`
}

/** Minutes since midnight on the bureau's wall, 0 to 1439. */
export function businessMinute(now: Date): number {
  const { hour, minute } = wallClock(now)
  return Number(hour) * 60 + Number(minute)
}

/** @param time 'HH:MM' on the bureau's wall. The zone has kept +08:00 without summer time since 1992. */
export function businessTime(day: string, time: string): Date {
  return new Date(`${day}T${time}:00+08:00`)
}

const wall = new Intl.DateTimeFormat('en-GB', {
  timeZone: businessZone,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})

function wallClock(now: Date) {
  const parts = new Map(wall.formatToParts(now).map(({ type, value }) => [type, value]))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? ''
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') }
}

function nextDay(day: string): string {
  return plusDays(day, 1)
}

/** Whole days of the calendar, back where `days` is negative. @throws Problem invalid_input beyond the year 9999. */
export function plusDays(day: string, days: number): string {
  const moved = new Date(`${day}T00:00:00Z`)
  moved.setUTCDate(moved.getUTCDate() + days)
  if (moved.getUTCFullYear() > 9999) throw faultyField('from', '日期太远，无法计算')
  return moved.toISOString().slice(0, 10)
}
