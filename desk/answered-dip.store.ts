/** The stretches in which too few calls were answered, in PostgreSQL: one open at most. */
import type { AlertTables } from './alert-tables.ts'
import type { Db } from './tables.ts'

export function answeredDipStore(db: Db) {
  const d = db.withTables<AlertTables>()
  return {
    async isOpen(): Promise<boolean> {
      const open = d.selectFrom('answered_dip').select('began_at').where('ended_at', 'is', null)
      return (await open.executeTakeFirst()) !== undefined
    },

    /** @returns whether it is new: another node may have seen it first. */
    async begin(now: Date): Promise<boolean> {
      const begun = await d
        .insertInto('answered_dip')
        .values({ began_at: now, ended_at: null })
        .onConflict((known) => known.doNothing())
        .returning('began_at')
        .executeTakeFirst()
      return begun !== undefined
    },

    async end(now: Date): Promise<void> {
      await d.updateTable('answered_dip').set({ ended_at: now }).where('ended_at', 'is', null).execute()
    },
  }
}
