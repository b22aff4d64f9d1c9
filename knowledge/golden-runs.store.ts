/**
 * Runs of the golden questions, in PostgreSQL. A run is a fact: nothing of it is changed.
 *
 * Invariant: of the half that is only measured, totals are kept and no text.
 */
import { sql } from 'kysely'
import type { GoldenFate, GoldenMissed, GoldenRunRow } from '../contract/golden.ts'
import type { Db, KnowledgeTables } from './tables.ts'

export type NewRun = {
  beganAt: Date
  endedAt: Date
  cause: 'asked' | 'published'
  staffId?: string
  /** Of both halves. */
  fates: Record<GoldenFate, number>
  keptBack: Record<GoldenFate, number>
  /** Of the half that may be worked on. */
  missed: GoldenMissed[]
}
type MissedFilter = { fate?: GoldenFate; q?: string; limit: number; offset: number }
// Who asked for a run is shown by name; nothing else of the desk's table is read here.
type Tables = KnowledgeTables & { staff: { id: string; display_name: string } }

export function goldenRunsStore(db: Db) {
  const d = db.withTables<Tables>()
  const rows = () =>
    d
      .selectFrom('golden_run as g')
      .leftJoin('staff as s', 's.id', 'g.staff_id')
      .select(['g.id', 'g.began_at', 'g.cause', 'g.total', 'g.correct', 'g.offered', 'g.withheld', 'g.wrong'])
      .select('s.display_name as by')
      .select(['g.kept_back_correct', 'g.kept_back_offered', 'g.kept_back_withheld', 'g.kept_back_wrong'])

  return {
    async add({ beganAt, endedAt, cause, staffId, fates, keptBack, missed }: NewRun): Promise<string> {
      const { right, offered, withheld, wrong } = fates
      const row = await d
        .insertInto('golden_run')
        .values({
          began_at: beganAt,
          ended_at: endedAt,
          cause,
          staff_id: staffId ?? null,
          total: right + offered + withheld + wrong,
          correct: right,
          offered,
          withheld,
          wrong,
          kept_back_correct: keptBack.right,
          kept_back_offered: keptBack.offered,
          kept_back_withheld: keptBack.withheld,
          kept_back_wrong: keptBack.wrong,
          missed: JSON.stringify(missed),
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return row.id
    },

    /** Newest first. */
    async list(limit: number, offset: number): Promise<{ rows: GoldenRunRow[]; total: number }> {
      const { total } = await d
        .selectFrom('golden_run')
        .select((e) => e.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const found = await rows().orderBy('g.began_at', 'desc').limit(limit).offset(offset).execute()
      return { rows: found.map(toRow), total }
    },

    async run(id: string): Promise<GoldenRunRow | undefined> {
      const row = await rows().where('g.id', '=', id).executeTakeFirst()
      return row && toRow(row)
    },

    /** Questions of one run that were not answered rightly, in the order of their ids. */
    async missed(
      id: string,
      { fate, q, limit, offset }: MissedFilter,
    ): Promise<{ rows: GoldenMissed[]; total: number }> {
      const part = q && `%${q.replace(/[\\%_]/g, '\\$&')}%`
      const { rows: found } = await sql<{ row: GoldenMissed; total: number }>`
        select m.row, count(*) over () as total
        from golden_run g, jsonb_array_elements(g.missed) as m(row)
        where g.id = ${id}
          and (${fate ?? null}::text is null or m.row ->> 'fate' = ${fate ?? null})
          and (${part ?? null}::text is null or m.row ->> 'question' ilike ${part ?? null} or m.row ->> 'expected' ilike ${part ?? null})
        order by m.row ->> 'id' limit ${limit} offset ${offset}`.execute(db)
      return { rows: found.map(({ row }) => row), total: found[0]?.total ?? 0 }
    },
  }
}

type Row = {
  id: string
  began_at: Date
  cause: 'asked' | 'published'
  by: string | null
  total: number
  correct: number
  offered: number
  withheld: number
  wrong: number
  kept_back_correct: number | null
  kept_back_offered: number | null
  kept_back_withheld: number | null
  kept_back_wrong: number | null
}

function toRow(row: Row): GoldenRunRow {
  const { id, began_at, cause, by, total, correct, offered, withheld, wrong } = row
  return {
    id,
    beganAt: began_at.toISOString(),
    cause,
    ...(by !== null && { by }),
    total,
    fates: { right: correct, offered, withheld, wrong },
    ...(row.kept_back_correct !== null && {
      keptBack: {
        right: row.kept_back_correct,
        offered: row.kept_back_offered ?? 0,
        withheld: row.kept_back_withheld ?? 0,
        wrong: row.kept_back_wrong ?? 0,
      },
    }),
  }
}
