/**
 * How often a topic was asked about in the hour that ends now, and in the same hour of the day over the four weeks
 * before. A topic is the entry that was served, else the gap that the question was gathered into.
 */
import { sql } from 'kysely'
import type { BurstView } from '../contract/figure.ts'
import { burstLeast, isBurst, pastDays } from './bursts.ts'
import { maskText } from './masking.ts'
import type { Db } from './tables.ts'

const hourMs = 3_600_000

export function figureBurstsStore(db: Db) {
  return {
    /** The most unusual first. */
    async now(now: Date): Promise<BurstView[]> {
      const from = new Date(now.getTime() - hourMs)
      const first = new Date(from.getTime() - pastDays * 24 * hourMs)
      const { rows } = await sql<Omit<BurstView, 'usual'> & { before: number }>`
        with asked as (
          select 'entry' as kind, r.entry_id as id, s.served_at as at
            from served_answer s join revision r on r.id = s.revision_id where s.served_at >= ${first} and s.served_at < ${now}
          union all
          select 'gap', q.gap_id::text, q.asked_at
            from gap_question q where q.gap_id is not null and q.asked_at >= ${first} and q.asked_at < ${now}
        ), lately as (
          select kind, id, count(*) as lately from asked where at >= ${from}
            group by kind, id having count(*) >= ${burstLeast}
        )
        select l.kind, l.id, l.lately,
          (select count(*) from asked a where a.kind = l.kind and a.id = l.id and a.at < ${from}
            -- Whole days before the hour: what is left over lies within the hour itself.
            and mod(extract(epoch from a.at - ${first})::numeric, 86400) < 3600) as before,
          coalesce(
            case l.kind when 'entry' then (select r.question from revision r where r.entry_id = l.id
              order by (r.state = 'published') desc, r.number desc limit 1)
            else (select g.question from gap g where g.id::text = l.id) end, '') as question
        from lately l`.execute(db)
      return rows
        .filter(isBurst)
        .map(({ before, question, ...row }) => ({ ...row, question: maskText(question), usual: before / pastDays }))
        .sort((one, other) => other.lately - other.usual - (one.lately - one.usual))
    },
  }
}
