/**
 * What follows when a callback is not answered: when to ring again, and when to stop. Pure.
 *
 * Half an hour later somebody may be back at their telephone, two hours later out of the meeting. Whoever works all morning
 * takes no call all morning, so nobody is given up who was rung in one morning or afternoon alone: the last try is another
 * half-day's. All of it where people are there to ring, as for the first try (callback.ts).
 */
import type { NewShift } from '../contract/shift.ts'
import { callbackDue } from './callback.ts'
import { businessDay, businessMinute, businessTime, type Calendar } from './working-days.ts'

const minuteMs = 60_000
const waitMinutes = [30, 120] as const
const noonMinute = 12 * 60
/** When people are rung again in the other half of the day, the next day's morning included. */
const [afternoon, morning] = ['14:30', '10:00'] as const
const dayMs = 24 * 60 * minuteMs
/** Ringing twice within it is one try: nobody is given up after three rings in five minutes. */
const sameTryMs = 10 * minuteMs
/** Whoever takes one up and does nothing with it for so long has forgotten it. */
const keptMs = 30 * minuteMs
/** A console that was silent for so long is closed. */
export const goneMs = 2 * minuteMs
/** A telephone rings for 45 seconds (telephony/call/ringing-out.ts); what still rings after this was never told the end of. */
export const ringingMs = 5 * minuteMs
/** From then on a late callback is told to every supervisor, and no more only to those who are on duty. */
export const supervisedMs = 30 * minuteMs

/** @param unanswered when each was, in any order. */
export function triesIn(unanswered: readonly Date[]): number {
  let tries = 0
  let counted = -Infinity
  for (const at of unanswered.map((one) => one.getTime()).sort((a, b) => a - b))
    if (at - counted >= sameTryMs) [tries, counted] = [tries + 1, at]
  return tries
}

/**
 * @param unanswered every ring so far, the one that ended now among them.
 * @returns when it is due again; undefined when it is not rung any more.
 */
export function dueAfterTry(
  unanswered: readonly Date[],
  most: number,
  now: Date,
  calendar: Calendar,
  shifts: readonly NewShift[],
): Date | undefined {
  const tries = triesIn(unanswered)
  const isOneHalf = most > 1 && new Set([now, ...unanswered].map(halfDayOf)).size === 1
  if (tries >= most && !isOneHalf) return undefined
  if (tries >= most - 1 && isOneHalf) return callbackDue(now, calendar, otherHalf(now), shifts)
  const minutes = waitMinutes[Math.max(tries, 1) - 1] ?? waitMinutes[1]
  return callbackDue(now, calendar, new Date(now.getTime() + minutes * minuteMs), shifts)
}

/** The morning or the afternoon (with the evening) of a day of the bureau's. */
export const halfDayOf = (at: Date): string =>
  `${businessDay(at)} ${businessMinute(at) < noonMinute ? 'morning' : 'afternoon'}`

function otherHalf(now: Date): Date {
  if (businessMinute(now) < noonMinute) return businessTime(businessDay(now), afternoon)
  return businessTime(businessDay(new Date(now.getTime() + dayMs)), morning)
}

/** Whether what somebody took up goes back to all. @param touchedAt when they took it up, or rang last. */
export const isForgotten = (touchedAt: Date, isGone: boolean, now: Date): boolean =>
  now.getTime() - touchedAt.getTime() >= (isGone ? goneMs : keptMs)
