/**
 * When a callback is due. A wanted time is kept where people are there to keep it: in office hours of a working day, or
 * by day while somebody is on the roster; any other moves to the next opening after it, so that nobody is promised a
 * call at three in the morning. Without one: within two office hours, else in the morning of the next working day. A
 * wanted time that is past or more than 30 days off is nobody's to keep and counts as none.
 */
import type { NewShift } from '../contract/shift.ts'
import { onDuty, startOf } from './shift.ts'
import { businessDay, businessMinute, businessTime, dueAfter, isWorkingDay, type Calendar } from './working-days.ts'

const opensAtMinute = 9 * 60
const closesAtMinute = 17 * 60 + 30
const closesAt = '17:30'
const morning = '10:00'
/** Whoever is on duty at night is there for those who cannot wait; nobody is rung up then. */
const byDay = { fromMinute: 8 * 60, toMinute: 21 * 60 }
const hourMs = 3_600_000
const furthestMs = 30 * 24 * hourMs

/** @param shifts of the roster, from today until the furthest day that may be wanted. */
export function callbackDue(now: Date, calendar: Calendar, wanted?: Date, shifts: readonly NewShift[] = []): Date {
  if (!wanted || wanted <= now || wanted.getTime() - now.getTime() > furthestMs) return soonest(now, calendar, shifts)
  return isKeepable(wanted, calendar, shifts) ? wanted : nextOpening(wanted, calendar, shifts)
}

/** Somebody is there to ring people up. */
export function isKeepable(at: Date, calendar: Calendar, shifts: readonly NewShift[]): boolean {
  const minute = businessMinute(at)
  const isOffice = isWorkingDay(businessDay(at), calendar) && minute >= opensAtMinute && minute <= closesAtMinute
  return isOffice || (isByDay(minute) && onDuty(shifts, at).length > 0)
}

/** In the morning of the next working day, or when a shift of the roster begins by day before that. */
export function nextOpening(after: Date, calendar: Calendar, shifts: readonly NewShift[]): Date {
  const today = businessDay(after)
  const isOver = isWorkingDay(today, calendar) && businessMinute(after) >= opensAtMinute
  const opening = businessTime(dueAfter(today, isOver ? 1 : 0, calendar).due, morning)
  const begins = shifts.map(startOf).filter((at) => at > after && at < opening && isByDay(businessMinute(at)))
  return new Date(Math.min(opening.getTime(), ...begins.map((at) => at.getTime())))
}

function soonest(now: Date, calendar: Calendar, shifts: readonly NewShift[]): Date {
  const minute = businessMinute(now)
  const today = businessDay(now)
  const soon = new Date(now.getTime() + 2 * hourMs)
  if (isWorkingDay(today, calendar) && minute >= opensAtMinute && minute < closesAtMinute) {
    const closing = businessTime(today, closesAt)
    return soon < closing ? soon : closing
  }
  const isKept = isKeepable(now, calendar, shifts) && isKeepable(soon, calendar, shifts)
  return isKept ? soon : nextOpening(now, calendar, shifts)
}

const isByDay = (minute: number) => minute >= byDay.fromMinute && minute <= byDay.toMinute
