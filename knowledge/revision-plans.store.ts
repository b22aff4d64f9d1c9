/** Moves of revisions on a later day, in PostgreSQL. */
import type { PlanMove, PlanState, PlanView } from '../contract/gate.ts'
import type { Db, KnowledgeTables } from './tables.ts'

export type DuePlan = { id: string; revisionId: string; move: PlanMove; plannedBy: string }

// Who planned it is shown by name; nothing else of the desk's table is read here.
type Tables = KnowledgeTables & { staff: { id: string; display_name: string } }

/** @param db a transaction wherever something is written. */
export function revisionPlansStore(db: Db) {
  const d = db.withTables<Tables>()
  return {
    /** @returns undefined when the same move of this revision waits already. */
    async add(plan: { revisionId: string; move: PlanMove; on: string; staffId: string }, now: Date) {
      const row = await d
        .insertInto('revision_plan')
        .values({
          revision_id: plan.revisionId,
          move: plan.move,
          on_day: plan.on,
          planned_by: plan.staffId,
          planned_at: now,
          refusal: null,
          settled_at: null,
        })
        .onConflict((kept) => kept.doNothing())
        .returning('id')
        .executeTakeFirst()
      return row?.id
    },

    /** @returns false when it is not waiting any more. */
    async settle(
      id: string,
      to: { state: Exclude<PlanState, 'waiting'>; refusal?: string },
      now: Date,
    ): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('revision_plan')
        .set({ state: to.state, refusal: to.refusal ?? null, settled_at: now })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** Planned for that day or before, the earliest first. */
    async due(today: string): Promise<DuePlan[]> {
      return d
        .selectFrom('revision_plan')
        .select(['id', 'revision_id as revisionId', 'move', 'planned_by as plannedBy'])
        .where('state', '=', 'waiting')
        .where('on_day', '<=', today)
        .orderBy('on_day')
        .orderBy('planned_at')
        .execute()
    },

    /** What waits or was refused, of one entry or of all, the nearest day first. */
    async list(filter: {
      entry?: string
      limit: number
      offset: number
    }): Promise<{ rows: PlanView[]; total: number }> {
      let wanted = d
        .selectFrom('revision_plan as p')
        .innerJoin('revision as r', 'r.id', 'p.revision_id')
        .innerJoin('staff as s', 's.id', 'p.planned_by')
        .where('p.state', 'in', ['waiting', 'refused'])
      if (filter.entry) wanted = wanted.where('r.entry_id', '=', filter.entry)
      const { total } = await wanted.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
      const rows = await wanted
        .select(['p.id', 'p.revision_id as revisionId', 'p.move', 'p.on_day as on', 'p.state', 'p.refusal'])
        .select(['r.entry_id as entryId', 'r.question', 'r.number', 's.display_name as by'])
        .orderBy('p.on_day')
        .orderBy('p.id')
        .limit(filter.limit)
        .offset(filter.offset)
        .execute()
      return { total, rows: rows.map(({ refusal, ...row }) => ({ ...row, ...(refusal !== null && { refusal }) })) }
    },
  }
}
