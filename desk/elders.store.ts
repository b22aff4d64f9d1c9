/** Who is sixty or more, in PostgreSQL: as they said themselves, or as a colleague noted, which stands over it. */
import type { QueueTables } from './queue-tables.ts'
import type { Db } from './tables.ts'

export function eldersStore(db: Db) {
  const d = db.withTables<QueueTables>()
  return {
    /** @param contactIds all that are one person; what was noted last holds, before what was said. */
    async isElder(contactIds: readonly string[]): Promise<boolean> {
      if (contactIds.length === 0) return false
      const row = await d
        .selectFrom('elder_contact')
        .select('is_elder')
        .where('contact_id', 'in', contactIds)
        .orderBy((e) => e('staff_id', 'is', null))
        .orderBy('at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.is_elder ?? false
    },

    /** They said so: kept unless a colleague noted anything before. */
    async said(contactId: string, now: Date): Promise<void> {
      await d
        .insertInto('elder_contact')
        .values({ contact_id: contactId, is_elder: true, staff_id: null, at: now })
        .onConflict((known) => known.doNothing())
        .execute()
    },

    async note(contactId: string, isElder: boolean, staffId: string, now: Date): Promise<void> {
      const noted = { is_elder: isElder, staff_id: staffId, at: now }
      await d
        .insertInto('elder_contact')
        .values({ contact_id: contactId, ...noted })
        .onConflict((known) => known.column('contact_id').doUpdateSet(noted))
        .execute()
    },
  }
}
