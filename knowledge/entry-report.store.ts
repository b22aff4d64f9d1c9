/**
 * How often entries are told, what is told too seldom, what runs out. Reads only; served answers belong to the bot and
 * are counted here because the report is of entries.
 */
import { sql } from 'kysely'
import type { CoverageDay, EndingRow, HitRow } from '../contract/golden.ts'
import type { Db } from './tables.ts'

type HitsFilter = { never?: boolean; q?: string; limit: number; offset: number }

export function entryReportStore(db: Db) {
  return {
    /** Published entries by how often they were told since then; with `never`, those that were not told at all. */
    async hits(
      since: Date,
      { never = false, q, limit, offset }: HitsFilter,
    ): Promise<{ rows: HitRow[]; total: number }> {
      const part = q ? `%${q.replace(/[\\%_]/g, '\\$&')}%` : null
      const { rows } = await sql<{
        entry_id: string
        question: string
        hits: number
        not_solved: number
        last_hit_at: Date | null
        total: number
      }>`
        with live as (
          select distinct on (entry_id) entry_id, question from revision
          where state = 'published' order by entry_id, valid_from desc
        ), told as (
          select r.entry_id, count(*) as hits, count(*) filter (where s.solved is false) as not_solved,
            max(s.served_at) as last_hit_at
          from served_answer s join revision r on r.id = s.revision_id
          where s.served_at >= ${since} group by r.entry_id
        )
        select live.entry_id, live.question, coalesce(hits, 0) as hits, coalesce(not_solved, 0) as not_solved, last_hit_at,
          count(*) over () as total
        from live left join told using (entry_id)
        where (not ${never} or hits is null)
          and (${part}::text is null or live.question ilike ${part} or live.entry_id ilike ${part})
        order by coalesce(hits, 0) desc, live.entry_id limit ${limit} offset ${offset}`.execute(db)
      return {
        total: rows[0]?.total ?? 0,
        rows: rows.map((row) => ({
          entryId: row.entry_id,
          question: row.question,
          hits: row.hits,
          notSolved: row.not_solved,
          ...(row.last_hit_at && { lastHitAt: row.last_hit_at.toISOString() }),
        })),
      }
    },

    /** One line a day of the bureau's zone on which anything was asked, the newest first. */
    async coverage(since: Date): Promise<CoverageDay[]> {
      const { rows } = await sql<CoverageDay>`
        select (served_at at time zone 'Asia/Shanghai')::date as day, count(*) as asked,
          count(*) filter (where outcome = 'answer') as answered,
          count(*) filter (where outcome = 'ask-back') as offered,
          count(*) filter (where outcome = 'unknown') as unknown
        from served_answer where served_at >= ${since} group by 1 order by 1 desc`.execute(db)
      return rows
    },

    /** Published texts that end within so many days and are followed by none. */
    async ending(today: string, withinDays: number): Promise<EndingRow[]> {
      const { rows } = await sql<{ entry_id: string; question: string; valid_until: string; days_left: number }>`
        select r.entry_id, r.question, r.valid_until, r.valid_until - ${today}::date as days_left
        from revision r
        where r.state = 'published' and r.valid_until between ${today}::date and ${today}::date + ${withinDays}::int
          and not exists (select from revision n where n.entry_id = r.entry_id and n.state = 'published' and n.valid_from > r.valid_from)
        order by r.valid_until, r.entry_id`.execute(db)
      return rows.map((row) => ({
        entryId: row.entry_id,
        question: row.question,
        validUntil: row.valid_until,
        daysLeft: row.days_left,
      }))
    },
  }
}
