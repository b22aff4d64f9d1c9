/**
 * The worst of all runs of 24 hours in a stretch of time, whenever they begin. Which rows a run holds changes only where
 * one comes in or drops out, so the runs that begin or end with a row, or with the stretch, are all there is to compare.
 *
 * Runs are [from, to) of whole milliseconds, so that rows counted between them are the same rows.
 */
import { sql, type RawBuilder } from 'kysely'
import type { Db } from './tables.ts'

export type Span = { from: Date; to: Date }
const dayMs = 24 * 3_600_000

/** Up to now, and never less than a day; nothing of what has not begun. */
export function lookedThrough({ from, to }: Span, now: Date): Span | undefined {
  if (from >= now) return undefined
  const end = Math.min(to.getTime(), now.getTime())
  return { from: new Date(Math.min(from.getTime(), end - dayMs)), to: new Date(end) }
}

/**
 * @param rows of at least the whole span, with their moment `at` and whether they are `claimed`.
 * @param least of fewer rows a share says nothing.
 * @returns of equal ones the one with most rows, then the earliest; none where no run has enough rows.
 */
export async function worstDay(
  db: Db,
  rows: RawBuilder<unknown>,
  { from, to }: Span,
  least: number,
): Promise<Span | undefined> {
  const day = sql`interval '24 hours'`
  const instant = sql`interval '1 millisecond'`
  const count = (which: RawBuilder<unknown>, run: RawBuilder<unknown>) =>
    sql`count(*) filter (where ${which}) over (order by at range between ${run})`
  const onward = sql`current row and ${day} - ${instant} following`
  const backward = sql`${day} preceding and ${instant} preceding`
  const { rows: found } = await sql<{ begins: Date }>`
    with point as (
      select date_trunc('milliseconds', at) as at, true as is_row, claimed from (${rows}) r
      union all select edge, false, false from (values (${from}::timestamptz), (${to}::timestamptz)) e (edge)
    ), run as (
      select at as begins, ${count(sql`is_row`, onward)} as whole, ${count(sql`is_row and claimed`, onward)} as part from point
      union all
      select at - ${day}, ${count(sql`is_row`, backward)}, ${count(sql`is_row and claimed`, backward)} from point
    )
    select begins from run
    where begins >= ${from} and begins <= ${to}::timestamptz - ${day} and whole >= ${Math.max(1, least)}
    order by part::float8 / whole, whole desc, begins limit 1`.execute(db)
  const [worst] = found
  return worst && { from: worst.begins, to: new Date(worst.begins.getTime() + dayMs) }
}
