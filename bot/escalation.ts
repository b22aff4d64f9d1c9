/**
 * Whoever waits and is not taken is told to those on duty, one after the other in the order of the roster. With nobody
 * at a desk only the urgent wait for them at all; everybody else is offered a callback (hand-over.ts).
 */
import { handoverPriority } from '../desk/handover.ts'
import { handoversStore, type Waiting } from '../desk/handovers.store.ts'
import { daysAfter, mayStillCome, onDuty, toTell } from '../desk/shift.ts'
import { shiftsStore } from '../desk/shifts.store.ts'
import type { ShiftView } from '../contract/shift.ts'
import { businessDay } from '../desk/working-days.ts'
import { staffedAmong } from './staffing.ts'
import type { Db } from './tables.ts'

/** `handoverId` is the waiting that it is about. */
export type Escalated = { handoverId: string; conversationId: string; staffId: string; waitedMinutes: number }

/** The shifts that may cover this moment. */
export function shiftsNow(db: Db, now: Date): Promise<ShiftView[]> {
  const today = businessDay(now)
  return shiftsStore(db).between(daysAfter(today, -1), today)
}

export async function isAnybodyOnDuty(db: Db, now: Date): Promise<boolean> {
  return onDuty(await shiftsNow(db, now), now).length > 0
}

/** Hand it a transaction, with the telling in it. @returns who is to be told of whom, each once. */
export async function escalate(db: Db, now: Date, afterMs: number): Promise<Escalated[]> {
  const store = handoversStore(db)
  const waiting = await store.waitingList()
  if (waiting.length === 0) return []
  const shifts = await shiftsNow(db, now)
  const staffed = await staffedAmong(
    db,
    waiting.map(({ conversationId }) => conversationId),
  )
  const told: Escalated[] = []
  for (const one of waiting) {
    const next = toTell(
      { askedAt: one.askedAt, told: one.escalated, isStaffed: staffed.has(one.conversationId) },
      shifts,
      now,
      afterMs,
    )
    if (!next || !(await store.escalate(one, now))) continue
    const waitedMinutes = Math.floor((now.getTime() - one.askedAt.getTime()) / 60_000)
    told.push({ handoverId: one.id, conversationId: one.conversationId, staffId: next.staffId, waitedMinutes })
  }
  return told
}

/** With nobody at a desk: whether this one goes on waiting for who is on duty. */
export function waitsForDuty(
  { priority, askedAt }: Waiting,
  shifts: readonly ShiftView[],
  now: Date,
  afterMs: number,
): boolean {
  return priority >= handoverPriority.urgent && mayStillCome(askedAt, shifts, now, afterMs)
}
