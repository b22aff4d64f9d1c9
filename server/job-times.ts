/**
 * When repeated work is due, on the business clock: every so many seconds, or at the times that five cron fields name on
 * the bureau's wall. A slot is one such time; work is done once a slot, however many nodes look.
 */
import { businessDay, businessMinute, businessTime } from '../desk/working-days.ts'

/** Seconds between two slots, or "minute hour day month weekday" with *, lists, ranges and steps; Sunday is 0 or 7. */
export type Times = number | string

type Fields = { minutes: Set<number>; hours: Set<number>; isDay: (day: string) => boolean }

const dayMs = 24 * 3_600_000
const lastMinute = 24 * 60 - 1
/** Over the longest way from one 29 February to the next. */
const furthestDays = 8 * 366 + 1

/** @returns the latest slot that is not after `now`. @throws when the fields are not cron's, or name a day that never comes. */
export function latestSlot(times: Times, now: Date): Date {
  if (typeof times === 'number') return new Date(Math.floor(now.getTime() / (times * 1_000)) * times * 1_000)
  const fields = fieldsOf(times)
  let day = businessDay(now)
  let until = businessMinute(now)
  for (let looked = 0; looked < furthestDays; looked++) {
    const minute = fields.isDay(day) ? latestMinute(fields, until) : undefined
    if (minute !== undefined) return businessTime(day, wallTime(minute))
    day = new Date(Date.parse(`${day}T00:00:00Z`) - dayMs).toISOString().slice(0, 10)
    until = lastMinute
  }
  throw new Error(`"${times}" never comes`)
}

function latestMinute({ minutes, hours }: Fields, until: number): number | undefined {
  for (let minute = until; minute >= 0; minute--)
    if (hours.has(Math.floor(minute / 60)) && minutes.has(minute % 60)) return minute
  return undefined
}

const wallTime = (minute: number) =>
  [Math.floor(minute / 60), minute % 60].map((n) => String(n).padStart(2, '0')).join(':')

function fieldsOf(cron: string): Fields {
  const [minute, hour, day, month, weekday, ...more] = cron.trim().split(/\s+/)
  if (!minute || !hour || !day || !month || !weekday || more.length > 0) throw notCron(cron)
  const days = valuesOf(day, 1, 31)
  const months = valuesOf(month, 1, 12)
  const weekdays = new Set([...valuesOf(weekday, 0, 7)].map((one) => one % 7))
  // As cron has it: with both fields restricted, either one makes the day.
  const either = !day.startsWith('*') && !weekday.startsWith('*')
  return {
    minutes: valuesOf(minute, 0, 59),
    hours: valuesOf(hour, 0, 23),
    isDay(on) {
      const at = new Date(`${on}T00:00:00Z`)
      const fits = [days.has(at.getUTCDate()), weekdays.has(at.getUTCDay())]
      return months.has(at.getUTCMonth() + 1) && (either ? fits.some(Boolean) : fits.every(Boolean))
    },
  }
}

function valuesOf(field: string, least: number, most: number): Set<number> {
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const found = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part)
    if (!found) throw notCron(field)
    const [, given, end, step] = found
    const from = given === undefined ? least : Number(given)
    const to = end !== undefined ? Number(end) : given === undefined || step !== undefined ? most : from
    if (from < least || to > most || from > to || step === '0') throw notCron(field)
    for (let value = from; value <= to; value += Number(step ?? 1)) values.add(value)
  }
  return values
}

const notCron = (given: string) => new Error(`"${given}" is not cron`)
