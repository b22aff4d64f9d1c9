/**
 * What follows when a callback is not answered: when to ring again, and when to stop. Pure.
 *
 * Half an hour later somebody may be back at their telephone, two hours later out of the meeting; after that it is
 * another day's work. All of it where people are there to ring, as for the first try (callback.ts).
 */
import type { NewShift } from '../contract/shift.ts'
import { callbackDue, nextOpening } from './callback.ts'
import type { Calendar } from './working-days.ts'

const minuteMs = 60_000
const waitMinutes = [30, 120] as const
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

/** @returns when it is due again; undefined when it is not rung any more. @param tries with this one. */
export function dueAfterTry(
  tries: number,
  most: number,
  now: Date,
  calendar: Calendar,
  shifts: readonly NewShift[],
): Date | undefined {
  if (tries >= most) return undefined
  const minutes = waitMinutes[Math.max(tries, 1) - 1]
  if (minutes === undefined) return nextOpening(now, calendar, shifts)
  return callbackDue(now, calendar, new Date(now.getTime() + minutes * minuteMs), shifts)
}

/** Whether what somebody took up goes back to all. @param touchedAt when they took it up, or rang last. */
export const isForgotten = (touchedAt: Date, isGone: boolean, now: Date): boolean =>
  now.getTime() - touchedAt.getTime() >= (isGone ? goneMs : keptMs)
