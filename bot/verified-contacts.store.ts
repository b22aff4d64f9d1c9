/** Contacts that were found to be one person, and each finding by itself, in PostgreSQL. */
import type { FoundHow } from '../contract/person.ts'
import type { DeskSideTables } from './desk-tables.ts'
import type { Join } from './person.ts'
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
    async merge(personId: string, other: string): Promise<void> {
      await tables.updateTable('verified_contact').set({ person_id: other }).where('person_id', '=', personId).execute()
    },

    async remove(contactId: string): Promise<void> {
      await tables.deleteFrom('verified_contact').where('contact_id', '=', contactId).execute()
    },

    async keepJoin({ contactId, otherId, how, staffId, at }: Omit<Join, 'id'>): Promise<void> {
      const row = { contact_id: contactId, other_id: otherId, how, staff_id: staffId ?? null, at }
      await tables
        .insertInto('person_join')
        .values({ ...row, undone_by: null, undone_at: null })
        .execute()
    },

    /** Those that stand and hold any of these contacts, oldest first. */
    async joinsOf(contactIds: readonly string[]): Promise<Join[]> {
      if (contactIds.length === 0) return []
      const rows = await tables
        .selectFrom('person_join')
        .selectAll()
        .where('undone_at', 'is', null)
        .where((e) => e.or([e('contact_id', 'in', contactIds), e('other_id', 'in', contactIds)]))
        .orderBy('at')
        .orderBy('id')
        .execute()
      return rows.map(({ id, how, at, ...row }) => ({
        ...{ id, how, at, contactId: row.contact_id, otherId: row.other_id, staffId: row.staff_id ?? undefined },
      }))
    },

    async undoJoin(id: string, staffId: string, now: Date): Promise<void> {
      await tables
        .updateTable('person_join')
        .set({ undone_by: staffId, undone_at: now })
        .where('id', '=', id)
        .where('undone_at', 'is', null)
        .execute()
    },
  }
}
