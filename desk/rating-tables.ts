/** The tables of ratings, of the lists and windows behind them, and of reports, as their stores see them. */
import type { ColumnType, Generated } from 'kysely'
import type { Level } from '../contract/rating.ts'
import type { KeptFigures, ReportKind } from '../contract/report.ts'
import type { PublishedMonth } from './published-month.ts'
import type { DeskTables } from './tables.ts'

export type RatingTables = {
  rating: DeskTables['rating'] & {
    window_id: ColumnType<string | null, string | null | undefined, string | null>
    clerk: ColumnType<string | null, string | null | undefined, string | null>
  }
  reason_list: { version: number; level: Level; reasons: string[]; made_at: Date; made_by: string | null }
  service_window: {
    id: Generated<string>
    code: Generated<string>
    name: string
    made_at: Date
    made_by: string
    closed_at: Date | null
  }
  published_month: { month: string; published_at: Date; content: ColumnType<PublishedMonth, string, never> }
  report: {
    id: Generated<string>
    kind: ReportKind
    from_day: string
    to_day: string
    computed_at: Date
    figures: ColumnType<KeptFigures, string, never>
  }
}
