/** Contacts that were found to be one person, in PostgreSQL. */
import type { FoundHow } from '../contract/agent-events.ts'
import type { DeskSideTables } from './desk-tables.ts'
import type { Db } from './tables.ts'

/** `staffId` absent: the citizen's own consent. */
export type Verified = { personId: string; how: FoundHow; staffId?: string; at: Date }

export function verifiedContactsStore(db: Db) {
  const tables = db.withTables<DeskSideTables>()
  return {
    async find(contactId: string): Promise<Verified | undefined> {
      const row = await tables
        .selectFrom('verified_contact')
        .selectAll()
        .where('contact_id', '=', contactId)
        .executeTakeFirst()
      return row && { personId: row.person_id, how: row.how, staffId: row.staff_id ?? undefined, at: row.at }
    },

    /** Every contact of that person. */
    async contactsOf(personId: string): Promise<string[]> {
      const rows = await tables
        .selectFrom('verified_contact')
        .select('contact_id')
        .where('person_id', '=', personId)
        .execute()
      return rows.map((row) => row.contact_id)
    },

    /** The newest finding stands. */
    async set(contactId: string, { personId, how, staffId, at }: Verified): Promise<void> {
      const row = { person_id: personId, how, staff_id: staffId ?? null, at }
      await tables
        .insertInto('verified_contact')
        .values({ contact_id: contactId, ...row })
        .onConflict((known) => known.column('contact_id').doUpdateSet(row))
        .execute()
    },

    /** All contacts of one person are the other's now. */
    async join(personId: string, other: string): Promise<void> {
      await tables.updateTable('verified_contact').set({ person_id: other }).where('person_id', '=', personId).execute()
    },

    async remove(contactId: string): Promise<void> {
      await tables.deleteFrom('verified_contact').where('contact_id', '=', contactId).execute()
    },
  }
}
