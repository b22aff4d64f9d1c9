/** Runs of the golden questions, in PostgreSQL. A run is a fact: nothing of it is changed. */
import { sql } from 'kysely'
import type { GoldenFate, GoldenMissed, GoldenRunRow } from '../contract/golden.ts'
import type { Db, KnowledgeTables } from './tables.ts'

export type NewRun = {
  beganAt: Date
  endedAt: Date
  cause: 'asked' | 'published'
  staffId?: string
  fates: Record<GoldenFate, number>
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

  return {
    async add({ beganAt, endedAt, cause, staffId, fates, missed }: NewRun): Promise<string> {
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
}

function toRow({ id, began_at, cause, by, total, correct, offered, withheld, wrong }: Row): GoldenRunRow {
  return {
    id,
    beganAt: began_at.toISOString(),
    cause,
    ...(by !== null && { by }),
    total,
    fates: { right: correct, offered, withheld, wrong },
  }
}
