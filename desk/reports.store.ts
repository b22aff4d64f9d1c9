/** Reports in PostgreSQL: written once for a week or a month, and never changed. */
import { sql } from 'kysely'
import type { KeptFigures, ReportKind, ReportRow } from '../contract/report.ts'
import type { RatingTables } from './rating-tables.ts'
import type { Db } from './tables.ts'

export type ReportsStore = ReturnType<typeof reportsStore>
export type Period = { kind: ReportKind; from: string; to: string }

export function reportsStore(db: Db) {
  const d = db.withTables<RatingTables>()
  const reports = () => d.selectFrom('report').select(['id', 'kind', 'from_day', 'to_day', 'computed_at'])

  return {
    /** @returns false when this period has its report already: the first one stays. */
    async keep({ kind, from, to }: Period, figures: KeptFigures, now: Date): Promise<boolean> {
      const row = await d
        .insertInto('report')
        .values({ kind, from_day: from, to_day: to, computed_at: now, figures: JSON.stringify(figures) })
        .onConflict((known) => known.columns(['kind', 'from_day']).doNothing())
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    /** Whether anybody had come by then: there is nothing to say of the time before a hotline. */
    async hadBegunBefore(end: Date): Promise<boolean> {
      const { rows } = await sql<{ begun: boolean }>`
        select exists (select from conversation where started_at < ${end})
          or exists (select from call where offered_at < ${end}) as begun`.execute(db)
      return rows[0]?.begun ?? false
    },

    async has({ kind, from }: Period): Promise<boolean> {
      return (await reports().where('kind', '=', kind).where('from_day', '=', from).executeTakeFirst()) !== undefined
    },

    /** The newest first. */
    async list(
      kind: ReportKind | undefined,
      { limit, offset }: { limit: number; offset: number },
    ): Promise<{ reports: ReportRow[]; total: number }> {
      const chosen = kind ? reports().where('kind', '=', kind) : reports()
      const { total } = await chosen
        .clearSelect()
        .select((row) => row.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const rows = await chosen.orderBy('to_day', 'desc').orderBy('kind').limit(limit).offset(offset).execute()
      return { reports: rows.map(fromRow), total }
    },

    async find(id: string): Promise<(ReportRow & { kept: KeptFigures }) | undefined> {
      const row = await reports().select('figures').where('id', '=', id).executeTakeFirst()
      return row && { ...fromRow(row), kept: row.figures }
    },
  }
}

type Row = { id: string; kind: ReportKind; from_day: string; to_day: string; computed_at: Date }

function fromRow({ id, kind, from_day, to_day, computed_at }: Row): ReportRow {
  return { id, kind, from: from_day, to: to_day, computedAt: computed_at.toISOString() }
}
