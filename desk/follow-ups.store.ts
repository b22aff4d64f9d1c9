/** Calls back (回访) in PostgreSQL, reached or not; append-only, numbered within their case; the words stand in its events. */
import { sql } from 'kysely'
import type { FollowUp } from '../contract/case.ts'
import type { Db, DeskTables } from './tables.ts'

export function followUpsStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    /** Only while the case is locked. @param round how often the case was reopened: each fix is asked about anew. */
    async add(
      caseId: string,
      round: number,
      call: Omit<FollowUp, 'note'> & { staffId: string },
      now: Date,
    ): Promise<void> {
      await d
        .insertInto('case_attempt')
        .values((row) => ({
          case_id: caseId,
          seq: row
            .selectFrom('case_attempt')
            .select(sql<number>`coalesce(max(seq), 0) + 1`.as('seq'))
            .where('case_id', '=', caseId),
          round,
          at: now,
          staff_id: call.staffId,
          result: call.result,
          next_on: call.nextOn ?? null,
        }))
        .execute()
    },

    async made(caseId: string, round: number): Promise<number> {
      const { n } = await d
        .selectFrom('case_attempt')
        .select((row) => row.fn.countAll<number>().as('n'))
        .where('case_id', '=', caseId)
        .where('round', '=', round)
        .executeTakeFirstOrThrow()
      return n
    },
  }
}
