/** Callbacks as the desk promises them: booked with the due time that calendar and roster allow, then rung and noted. */
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
      const today = businessDay(now)
      // A shift of the day before may reach into today.
      const shifts = await shiftsStore(db).between(daysAfter(today, -1), daysAfter(today, furthestDays))
      const dueAt = callbackDue(now, await holidaysStore(db).calendar(), at, shifts)
      const since = new Date(now.getTime() - placeKeptMs)
      const left = await handoversStore(db).lastLeft(wanted.conversationId, since)
      const place = { askedAt: left?.askedAt ?? now, priority: left?.priority ?? 0 }
      const callbackId = await store.keep({ ...asked, ...place, dueAt })
      return { callbackId, dueAt, isMoved: at !== undefined && dueAt.getTime() !== at.getTime() }
    },
  }
}
