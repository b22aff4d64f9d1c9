/** Where those on duty are written to, in PostgreSQL: sealed, and shown masked. */
import { maskPhone } from './masking.ts'
import type { QueueTables } from './queue-tables.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

export function dutyPhonesStore(db: Db, sealer: Sealer) {
  const d = db.withTables<QueueTables>()
  return {
    /** Masked, by member of staff. */
    async shown(): Promise<Map<string, string>> {
      const rows = await d.selectFrom('duty_phone').select(['staff_id', 'masked']).execute()
      return new Map(rows.map(({ staff_id, masked }) => [staff_id, masked]))
    },

    /** The whole number, for writing to it. */
    async find(staffId: string): Promise<string | undefined> {
      const row = await d.selectFrom('duty_phone').select('sealed').where('staff_id', '=', staffId).executeTakeFirst()
      return row && sealer.open(row.sealed)
    },

    /** @param phone null: they are written to no more. */
    async keep(staffId: string, phone: string | null): Promise<void> {
      if (phone === null) return void (await d.deleteFrom('duty_phone').where('staff_id', '=', staffId).execute())
      const kept = { sealed: sealer.seal(phone), masked: maskPhone(phone) }
      await d
        .insertInto('duty_phone')
        .values({ staff_id: staffId, ...kept })
        .onConflict((known) => known.column('staff_id').doUpdateSet(kept))
        .execute()
    },
  }
}
