/**
 * What is published of ratings and of what was put right, and what a provincial system is given. Nothing here names a
 * citizen, a conversation or a time of day; an appeal that was upheld leaves the rating out.
 */
import { sql } from 'kysely'
import type { CaseKind } from '../contract/case.ts'
import type { RatedUnit } from '../contract/figure.ts'
import type { Level } from '../contract/rating.ts'
import type { Db } from './tables.ts'

export type UnitCounts = { unit: RatedUnit; window: string | null; level: Level; count: number }
export type FixedCase = {
  month: string
  kind: CaseKind
  /** Who was rated; a complaint need not be about anybody here. */
  unit: RatedUnit | null
  window: string | null
  reasons: string[]
  onTime: boolean
  /** The citizen's own rating of the fix, else what the call back found. */
  result: string | null
}
export type ExportedRating = {
  id: string
  day: string
  channel: string
  unit: RatedUnit
  workNumber: string | null
  window: string | null
  level: Level
  reasons: string[]
  reasonsVersion: number
  words: string | null
  caseNumber: string | null
  caseState: string | null
}
export type Days = { from: Date; to: Date }

const zone = sql.lit('Asia/Shanghai')

export function publishedRatingsStore(db: Db) {
  return {
    async byUnit({ from, to }: Days): Promise<UnitCounts[]> {
      const { rows } = await sql<UnitCounts>`
        select e.kind as unit, w.name as "window", r.level, count(*) as count
        from rating r join episode e on e.id = r.episode_id left join service_window w on w.id = r.window_id
        where r.given_at >= ${from} and r.given_at < ${to} and not r.excluded
        group by 1, 2, 3 order by 1, 2, 3`.execute(db)
      return rows
    },

    /** Closed in these days, the newest first. */
    async fixed({ from, to }: Days, limit: number): Promise<FixedCase[]> {
      const { rows } = await sql<FixedCase>`
        select to_char(f.closed_at at time zone ${zone}, 'YYYY-MM') as month, f.kind, p.kind as unit, w.name as "window",
          coalesce(r.reasons, '{}') as reasons,
          (f.closed_at at time zone ${zone})::date <= f.due_on as "onTime",
          (select coalesce(e.data ->> 'level', e.data ->> 'followUp') from case_event e
            where e.case_id = f.id and (e.data ? 'followUp' or (e.by_whom = 'citizen' and e.data ? 'level'))
            order by e.seq desc limit 1) as result
        from case_file f left join rating r on r.id = f.rating_id
          left join episode p on p.id = r.episode_id left join service_window w on w.id = r.window_id
        where f.state = 'closed' and f.kind in ('complaint', 'bad_rating') and f.closed_at >= ${from} and f.closed_at < ${to}
        order by f.closed_at desc limit ${limit}`.execute(db)
      return rows
    },

    /** One row a rating, in the order in which they were given; their ids are of this export alone. */
    async exported({ from, to }: Days): Promise<ExportedRating[]> {
      const { rows } = await sql<ExportedRating>`
        select r.id, to_char(r.given_at at time zone ${zone}, 'YYYY-MM-DD') as day,
          case when e.kind = 'window' then 'window' else v.channel end as channel, e.kind as unit,
          m.work_number as "workNumber", w.name as "window", r.level, r.reasons, r.reasons_version as "reasonsVersion",
          r.words, f.number as "caseNumber", f.state as "caseState"
        from rating r join episode e on e.id = r.episode_id join conversation v on v.id = r.conversation_id
        left join staff m on m.id = e.staff_id left join service_window w on w.id = r.window_id
        left join case_file f on f.rating_id = r.id
        where r.given_at >= ${from} and r.given_at < ${to} and not r.excluded
        order by r.given_at, r.id`.execute(db)
      return rows
    },
  }
}
