/** Which cases members of staff wrote down for a citizen, in PostgreSQL. */
import type { Db, DeskTables } from './tables.ts'

export function caseFilingsStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    /** The case that this ask has opened before. */
    async find(staffId: string, clientId: string) {
      return d
        .selectFrom('case_filing')
        .innerJoin('case_file', 'case_file.id', 'case_filing.case_id')
        .select(['case_file.id', 'number', 'due_on', 'provisional'])
        .where('staff_id', '=', staffId)
        .where('client_id', '=', clientId)
        .executeTakeFirst()
    },

    async add(caseId: string, staffId: string, clientId: string): Promise<void> {
      await d.insertInto('case_filing').values({ case_id: caseId, staff_id: staffId, client_id: clientId }).execute()
    },
  }
}
