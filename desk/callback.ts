/**
 * When a callback is due: at the wanted time, else within two office hours, else in the morning of the next
 * working day. A wanted time that is past or more than 30 days off is nobody's to keep and counts as none.
 */
import { businessDay, businessMinute, businessTime, dueAfter, isWorkingDay, type Calendar } from './working-days.ts'

const opensAtMinute = 9 * 60
const closesAtMinute = 17 * 60 + 30
const closesAt = '17:30'
const morning = '10:00'
const hourMs = 3_600_000
const furthestMs = 30 * 24 * hourMs

export function callbackDue(now: Date, calendar: Calendar, wanted?: Date): Date {
  if (wanted && wanted > now && wanted.getTime() - now.getTime() <= furthestMs) return wanted

  const today = businessDay(now)
  const minute = businessMinute(now)
  if (isWorkingDay(today, calendar) && minute >= opensAtMinute) {
    if (minute >= closesAtMinute) return businessTime(dueAfter(today, 1, calendar).due, morning)
    const soon = new Date(now.getTime() + 2 * hourMs)
    const closing = businessTime(today, closesAt)
    return soon < closing ? soon : closing
  }
  return businessTime(dueAfter(today, 0, calendar).due, morning)
}
