/**
 * Whoever waits and is not taken is told to those on duty, one after the other in the order of the roster; whom a call does
 * not reach is passed over at once. With nobody at a desk only the urgent wait for them at all; everybody else is offered a
 * callback (hand-over.ts).
 */
import { isEmergency } from '../desk/handover.ts'
import { handoversStore, type Waiting } from '../desk/handovers.store.ts'
import { daysAfter, mayStillCome, onDuty, toTell } from '../desk/shift.ts'
import { shiftsStore } from '../desk/shifts.store.ts'
import type { ShiftView } from '../contract/shift.ts'
import { businessDay } from '../desk/working-days.ts'
import { staffedAmong } from './staffing.ts'
import type { Db } from './tables.ts'

/** `handoverId` is the waiting that it is about. */
export type DutyCall = { handoverId: string; conversationId: string; staffId: string; waitedMinutes: number }

/** How those on duty are called. */
export type DutyRoads = {
  /** Of these, those whom a call reaches now: by a number, an address, or a console that is open. */
  reached: (db: Db, staffIds: readonly string[]) => Promise<ReadonlySet<string>>
  /** In the transaction that counts it as told. */
  tell: (tx: Db, call: DutyCall, now: Date) => Promise<void>
  /** Of these, those who were called for this waiting before. */
  told: (db: Db, handoverId: string, staffIds: readonly string[]) => Promise<string[]>
}

export type DutyCalls = ReturnType<typeof dutyCalls>

export function dutyCalls(roads: DutyRoads, afterMs: number) {
  /** Those on duty whom a call reaches, first to be told first. */
  async function there(db: Db, now: Date): Promise<ShiftView[]> {
    const all = onDuty(await shiftsNow(db, now), now)
    const reached = await roads.reached(db, idsOf(all))
    return all.filter(({ staffId }) => reached.has(staffId))
  }

  /** Hand it a transaction. @returns who was told; nobody when it is not time, or nobody is left. */
  async function call(
    tx: Db,
    waiting: Waiting,
    duty: readonly ShiftView[],
    isStaffed: boolean,
    now: Date,
  ): Promise<DutyCall | undefined> {
    const told = await roads.told(tx, waiting.id, idsOf(duty))
    const next = toTell({ askedAt: waiting.askedAt, told, isStaffed }, duty, now, afterMs)
    if (!next || !(await handoversStore(tx).escalate(waiting, now))) return undefined
    const waitedMinutes = Math.floor((now.getTime() - waiting.askedAt.getTime()) / 60_000)
    const { id: handoverId, conversationId } = waiting
    const made = { handoverId, conversationId, staffId: next.staffId, waitedMinutes }
    await roads.tell(tx, made, now)
    return made
  }

  return {
    there,
    call,

    /** Hand it a transaction. @returns who was told of whom, each once. */
    async callForAll(tx: Db, now: Date): Promise<DutyCall[]> {
      const waiting = await handoversStore(tx).waitingList()
      if (waiting.length === 0) return []
      const duty = await there(tx, now)
      if (duty.length === 0) return []
      const ids = waiting.map(({ conversationId }) => conversationId)
      const staffed = await staffedAmong(tx, ids)
      const made: DutyCall[] = []
      for (const one of waiting) {
        const called = await call(tx, one, duty, staffed.has(one.conversationId), now)
        if (called) made.push(called)
      }
      return made
    },

    /** With nobody at a desk: whether this one goes on waiting for who is on duty. */
    async isWorthWaiting(db: Db, { id, priority, askedAt }: Waiting, now: Date): Promise<boolean> {
      if (!isEmergency(priority)) return false
      const all = onDuty(await shiftsNow(db, now), now)
      const mayCome = new Set([...(await roads.reached(db, idsOf(all))), ...(await roads.told(db, id, idsOf(all)))])
      return mayStillCome(askedAt, mayCome.size, now, afterMs)
    },
  }
}

/** The shifts that may cover this moment. */
function shiftsNow(db: Db, now: Date): Promise<ShiftView[]> {
  const today = businessDay(now)
  return shiftsStore(db).between(daysAfter(today, -1), today)
}

const idsOf = (shifts: readonly ShiftView[]) => shifts.map(({ staffId }) => staffId)
