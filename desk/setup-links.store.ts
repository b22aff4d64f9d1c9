/** Set-up links in PostgreSQL: by one, once, somebody chooses their own password. */
import type { Db, DeskTables } from './tables.ts'

export function setupLinksStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    /** A new link for somebody; the unused ones of before are void. */
    async replace(staffId: string, tokenHash: Buffer, expiresAt: Date): Promise<void> {
      await d.deleteFrom('setup_link').where('staff_id', '=', staffId).where('used_at', 'is', null).execute()
      await d
        .insertInto('setup_link')
        .values({ token_hash: tokenHash, staff_id: staffId, expires_at: expiresAt, used_at: null })
        .execute()
    },

    /** @returns whose link it is, without using it; undefined when it is unknown. */
    async ownerOf(tokenHash: Buffer): Promise<{ name: string; displayName: string; workNumber: string } | undefined> {
      const row = await d
        .selectFrom('setup_link')
        .innerJoin('staff', 'staff.id', 'setup_link.staff_id')
        .select(['name', 'display_name', 'work_number'])
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst()
      return row && { name: row.name, displayName: row.display_name, workNumber: row.work_number }
    },

    /** @returns whose link it is; undefined when it is unknown, used or too old. Of two at once one wins. */
    async use(tokenHash: Buffer, now: Date): Promise<string | undefined> {
      const row = await d
        .updateTable('setup_link')
        .set({ used_at: now })
        .where('token_hash', '=', tokenHash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .returning('staff_id')
        .executeTakeFirst()
      return row?.staff_id
    },
  }
}
