/** Callbacks as the desk promises them: booked with the due time that the calendar allows, then rung and noted. */
import { callbackDue } from './callback.ts'
import { callbacksStore } from './callbacks.store.ts'
import { holidaysStore } from './holidays.store.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

export type Callbacks = ReturnType<typeof callbacks>

/** @param db a pool, or the caller's transaction. */
export function callbacks(db: Db, sealer: Sealer) {
  const store = callbacksStore(db, sealer)
  return {
    ...store,

    /** @param wanted.at when the citizen would like to be rung; see callbackDue for what becomes of it. */
    async book(
      wanted: { conversationId: string; phone: string; at?: Date },
      now: Date,
    ): Promise<{ callbackId: string; dueAt: Date }> {
      const { conversationId, phone, at } = wanted
      const dueAt = callbackDue(now, await holidaysStore(db).calendar(), at)
      return { callbackId: await store.keep({ conversationId, phone, dueAt }, now), dueAt }
    },
  }
}
