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
      const { ask_minutes: askMinutes, end_minutes: endMinutes, age_minutes: ageMinutes } = row
      return { mode: row.mode ?? firstMode, askMinutes, endMinutes, ageMinutes }
    },

    async keep({ mode, askMinutes, endMinutes, ageMinutes }: QueueSettings): Promise<void> {
      const kept = { mode, ask_minutes: askMinutes, end_minutes: endMinutes }
      await d
        .updateTable('queue_setting')
        .set({ ...kept, ...(ageMinutes && { age_minutes: ageMinutes }) })
        .execute()
    },
  }
}
