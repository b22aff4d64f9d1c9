/** Second factors and recovery codes in PostgreSQL. Secrets come and go sealed; codes are kept as hashes. */
import { sql } from 'kysely'
import type { Db, DeskTables } from './tables.ts'

export function totpStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    async find(staffId: string): Promise<{ sealed: string; isConfirmed: boolean } | undefined> {
      const row = await d
        .selectFrom('staff_totp')
        .select(['sealed', 'confirmed_at'])
        .where('staff_id', '=', staffId)
        .executeTakeFirst()
      return row && { sealed: row.sealed, isConfirmed: row.confirmed_at !== null }
    },

    /** A new secret in place of one that was never confirmed. @returns false when one is confirmed. */
    async begin(staffId: string, sealed: string, now: Date): Promise<boolean> {
      const row = await d
        .insertInto('staff_totp')
        .values({ staff_id: staffId, sealed, created_at: now, confirmed_at: null })
        .onConflict((known) =>
          known
            .column('staff_id')
            .doUpdateSet({ sealed, created_at: now, last_step: 0 })
            .where('staff_totp.confirmed_at', 'is', null),
        )
        .returning('staff_id')
        .executeTakeFirst()
      return row !== undefined
    },

    async confirm(staffId: string, now: Date): Promise<void> {
      await d.updateTable('staff_totp').set({ confirmed_at: now }).where('staff_id', '=', staffId).execute()
    },

    /** @returns false when that step, or a later one, was taken already: of two at once one wins. */
    async take(staffId: string, step: number): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('staff_totp')
        .set({ last_step: step })
        .where('staff_id', '=', staffId)
        .where('last_step', '<', step)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    async replaceCodes(staffId: string, hashes: readonly Buffer[]): Promise<void> {
      await d.deleteFrom('recovery_code').where('staff_id', '=', staffId).execute()
      if (hashes.length === 0) return
      await d
        .insertInto('recovery_code')
        .values(hashes.map((hash) => ({ staff_id: staffId, code_hash: hash, used_at: null })))
        .execute()
    },

    /** @returns false when there is no such code, or it was used. */
    async useCode(staffId: string, hash: Buffer, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('recovery_code')
        .set({ used_at: now })
        .where('staff_id', '=', staffId)
        .where('code_hash', '=', hash)
        .where('used_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    async codesLeft(staffId: string): Promise<number> {
      const { left } = await d
        .selectFrom('recovery_code')
        .select((row) => row.fn.countAll<number>().as('left'))
        .where('staff_id', '=', staffId)
        .where('used_at', 'is', null)
        .executeTakeFirstOrThrow()
      return left
    },

    /** @returns whether there was one. */
    async remove(staffId: string): Promise<boolean> {
      await d.deleteFrom('recovery_code').where('staff_id', '=', staffId).execute()
      const { numDeletedRows } = await d.deleteFrom('staff_totp').where('staff_id', '=', staffId).executeTakeFirst()
      return numDeletedRows > 0n
    },

    /** Who holds one of these roles, is in force and has no second factor. */
    async without(roles: readonly string[]): Promise<{ name: string; displayName: string; roles: string[] }[]> {
      const { rows } = await sql<{ name: string; display_name: string; roles: string[] }>`
        select name, display_name, roles from staff
        where disabled_at is null and roles && ${[...roles]}::text[]
          and not exists (select from staff_totp t where t.staff_id = staff.id and t.confirmed_at is not null)
        order by work_number`.execute(d)
      return rows.map((row) => ({ name: row.name, displayName: row.display_name, roles: row.roles }))
    },
  }
}
