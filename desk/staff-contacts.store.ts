/** Where members of staff are written to, in PostgreSQL: sealed, and shown masked. The number is the one of the roster. */
import type { AlertTables } from './alert-tables.ts'
import { dutyPhonesStore } from './duty-phones.store.ts'
import { maskRecipient } from './outbox.ts'
import type { QueueTables } from './queue-tables.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

export type StaffContacts = { phone?: string; email?: string }

export function staffContactsStore(db: Db, sealer: Sealer) {
  const d = db.withTables<AlertTables>()
  const phones = dutyPhonesStore(db, sealer)
  const emailOf = (staffId: string) =>
    d.selectFrom('staff_email').select(['sealed', 'masked']).where('staff_id', '=', staffId).executeTakeFirst()

  return {
    /** Masked. */
    async shown(staffId: string): Promise<StaffContacts> {
      const [phone, email] = [(await phones.shown()).get(staffId), await emailOf(staffId)]
      return { ...(phone && { phone }), ...(email && { email: email.masked }) }
    },

    /** Whole, for writing to them. */
    async find(staffId: string): Promise<StaffContacts> {
      const [phone, email] = [await phones.find(staffId), await emailOf(staffId)]
      return { ...(phone && { phone }), ...(email && { email: sealer.open(email.sealed) }) }
    },

    /** Of these, those who left a number or an address. */
    async withAny(staffIds: readonly string[]): Promise<string[]> {
      if (staffIds.length === 0) return []
      const left = (table: 'duty_phone' | 'staff_email') =>
        d
          .withTables<QueueTables>()
          .selectFrom(table)
          .select('staff_id')
          .where('staff_id', 'in', [...staffIds])
      const rows = await left('duty_phone').union(left('staff_email')).execute()
      return rows.map((row) => row.staff_id)
    },

    /** Empty: nowhere. Absent: as it was. */
    async keep(staffId: string, { phone, email }: StaffContacts): Promise<void> {
      if (phone !== undefined) await phones.keep(staffId, phone || null)
      if (email === undefined) return
      if (email === '') return void (await d.deleteFrom('staff_email').where('staff_id', '=', staffId).execute())
      const kept = { sealed: sealer.seal(email), masked: maskRecipient(email) }
      await d
        .insertInto('staff_email')
        .values({ staff_id: staffId, ...kept })
        .onConflict((known) => known.column('staff_id').doUpdateSet(kept))
        .execute()
    },
  }
}
