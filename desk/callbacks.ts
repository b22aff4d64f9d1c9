/** Callbacks as the desk promises them: booked, or owed to a caller who was missed, due when calendar and roster allow. */
import { callbackDue } from './callback.ts'
import { callbacksStore } from './callbacks.store.ts'
import { handoversStore } from './handovers.store.ts'
import { holidaysStore } from './holidays.store.ts'
import type { Sealer } from './sealer.ts'
import { daysAfter } from './shift.ts'
import { shiftsStore } from './shifts.store.ts'
import type { Db } from './tables.ts'
import { businessDay } from './working-days.ts'

export type Callbacks = ReturnType<typeof callbacks>

const furthestDays = 31
/** Whoever gave up waiting lately keeps the place they had. */
const placeKeptMs = 2 * 3_600_000

/** @param db a pool, or the caller's transaction. */
export function callbacks(db: Db, sealer: Sealer) {
  const store = callbacksStore(db, sealer)
  return {
    ...store,

    /**
     * @param wanted.at when the citizen would like to be rung; see callbackDue for what becomes of it.
     * @param wanted.skillId the matter, as far as it is known: one callback waits for a number and matter.
     * @returns `isMoved`: nobody is there at the wanted time, and another one was chosen.
     */
    async book(
      wanted: { conversationId: string; phone: string; at?: Date; skillId?: string },
      now: Date,
    ): Promise<{ callbackId: string; dueAt: Date; isMoved: boolean }> {
      const { at, ...asked } = wanted
      const dueAt = await whenDue(db, now, at)
      const since = new Date(now.getTime() - placeKeptMs)
      const left = await handoversStore(db).lastLeft(wanted.conversationId, since)
      const place = { askedAt: left?.askedAt ?? now, priority: left?.priority ?? 0 }
      const callbackId = await store.keep({ ...asked, ...place, dueAt, bookedAt: now })
      return { callbackId, dueAt, isMoved: at !== undefined && dueAt.getTime() !== at.getTime() }
    },

    /**
     * A caller hung up while they waited for a person. @param missed.askedAt since when they waited: their place.
     * @returns undefined where a call to them is owed already.
     */
    async owe(
      missed: { conversationId: string; phone: string; askedAt: Date; priority: number; skillId?: string },
      now: Date,
    ): Promise<string | undefined> {
      return store.miss({ ...missed, dueAt: await whenDue(db, now), bookedAt: now })
    },
  }
}

/** By calendar and roster as they are now. @param wanted see callbackDue. */
export async function whenDue(db: Db, now: Date, wanted?: Date): Promise<Date> {
  const { calendar, shifts } = await ringingHours(db, now)
  return callbackDue(now, calendar, wanted, shifts)
}

/** Which days are worked, and who is on the roster beside office hours, as far ahead as a callback may be wanted. */
export async function ringingHours(db: Db, now: Date) {
  const today = businessDay(now)
  // A shift of the day before may reach into today.
  const shifts = await shiftsStore(db).between(daysAfter(today, -1), daysAfter(today, furthestDays))
  return { calendar: await holidaysStore(db).calendar(), shifts }
}
