/** Whom a case is about: read by whatever keeps who rated from the person rated. */
import { sql } from 'kysely'
import type { Db, DeskTables } from './tables.ts'

export function ratedCasesStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    /** The person whose service was rated or complained of; nobody where it was the bot's, or nobody's by name. */
    async ratedIn(caseId: string): Promise<string | undefined> {
      const row = await d.selectFrom('case_file').select('rated_staff_id').where('id', '=', caseId).executeTakeFirst()
      return row?.rated_staff_id ?? undefined
    },

    /** Of these cases, those that are about this person. */
    async about(staffId: string, caseIds: readonly string[]): Promise<Set<string>> {
      if (caseIds.length === 0) return new Set()
      const rows = await d
        .selectFrom('case_file')
        .select('id')
        .where('id', '=', sql<string>`any(${[...caseIds]}::uuid[])`)
        .where('rated_staff_id', '=', staffId)
        .execute()
      return new Set(rows.map(({ id }) => id))
    },
  }
}
