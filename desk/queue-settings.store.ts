/** What holds for the queue as a whole, in PostgreSQL: asked for anew each time, so that every node does the same at once. */
import type { QueueMode, QueueSettings } from '../contract/queue.ts'
import type { QueueTables } from './queue-tables.ts'
import type { Db } from './tables.ts'

export type QueueSettingsStore = ReturnType<typeof queueSettingsStore>

/** @param firstMode what holds until somebody has chosen. */
export function queueSettingsStore(db: Db, firstMode: QueueMode) {
  const d = db.withTables<QueueTables>()
  return {
    async inForce(): Promise<QueueSettings> {
      const row = await d.selectFrom('queue_setting').selectAll().executeTakeFirstOrThrow()
      return { mode: row.mode ?? firstMode, askMinutes: row.ask_minutes, endMinutes: row.end_minutes }
    },

    async keep({ mode, askMinutes, endMinutes }: QueueSettings): Promise<void> {
      await d.updateTable('queue_setting').set({ mode, ask_minutes: askMinutes, end_minutes: endMinutes }).execute()
    },
  }
}
