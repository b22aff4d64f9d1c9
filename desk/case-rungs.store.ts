/** Which rungs of the ladder were climbed, in PostgreSQL: one row a case, rung and deadline, for ever. */
import type { CaseRung } from '../contract/case.ts'
import type { Db, DeskTables } from './tables.ts'

export function caseRungsStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    /** @returns false when that rung of that deadline was climbed before. */
    async add(caseId: string, rung: CaseRung, dueOn: string, now: Date): Promise<boolean> {
      const row = await d
        .insertInto('case_rung')
        .values({ case_id: caseId, rung, due_on: dueOn, fired_at: now })
        .onConflict((fired) => fired.doNothing())
        .returning('case_id')
        .executeTakeFirst()
      return row !== undefined
    },

    /** Of open cases. */
    async fired(): Promise<{ caseId: string; rung: CaseRung; dueOn: string }[]> {
      const rows = await d
        .selectFrom('case_rung')
        .innerJoin('case_file', 'case_file.id', 'case_rung.case_id')
        .select(['case_rung.case_id', 'case_rung.rung', 'case_rung.due_on'])
        .where('case_file.closed_at', 'is', null)
        .execute()
      return rows.map((row) => ({ caseId: row.case_id, rung: row.rung, dueOn: row.due_on }))
    },

    /** Open cases whose ladder may have a rung due: those due up to `until`, and those that nobody contacted yet. */
    onTheClock(until: string) {
      return d
        .selectFrom('case_file')
        .select(['id', 'kind', 'city', 'state', 'counted_from', 'first_contact_due_on', 'due_on'])
        .where('closed_at', 'is', null)
        .where((row) => row.or([row('due_on', '<=', until), row('state', '=', 'to_verify')]))
        .execute()
    },
  }
}
