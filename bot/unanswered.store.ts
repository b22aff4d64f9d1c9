/**
 * Served answers that left somebody without a good one. Reads only: the desk's ratings and the knowledge base's gaps
 * are looked at here because "unanswered" is said of a served answer, and nothing of them is changed.
 */
import { sql } from 'kysely'
import type { GapCause } from '../contract/gap.ts'
import type { Db } from './tables.ts'

export type Unanswered = {
  conversationId: string
  seq: number
  contactId: string
  cause: GapCause
  question: string
  askedAt: Date
}
type Row = {
  conversation_id: string
  seq: number
  contact_id: string
  cause: GapCause
  question: string
  served_at: Date
}

/** 差评: the two worst of five levels. */
const badLevels = 2

export function unansweredStore(db: Db) {
  return {
    /**
     * Oldest first, without those that a gap has gathered already. A choice that was taken shows as the next answer with a
     * score of 1; until `restedSince` the citizen may still take one.
     */
    async since(since: Date, restedSince: Date, limit: number): Promise<Unanswered[]> {
      const { rows } = await sql<Row>`
        select s.conversation_id, s.seq, c.contact_id, s.question, s.served_at,
          case when s.outcome = 'unknown' then 'unknown' when s.outcome = 'ask-back' then 'unchosen'
               when s.solved is false then 'not_helped' else 'bad_rating' end as cause
        from served_answer s
        join conversation c on c.id = s.conversation_id
        left join lateral (
          select n.outcome, n.score from served_answer n
          where n.conversation_id = s.conversation_id and n.seq > s.seq order by n.seq limit 1
        ) next on true
        where s.served_at >= ${since}
          and not exists (select from gap_question g where g.conversation_id = s.conversation_id and g.seq = s.seq)
          and (s.outcome = 'unknown'
            or (s.outcome = 'ask-back'
              and (next.outcome is not null or c.state = 'closed' or c.last_turn_at < ${restedSince})
              and (next.outcome is distinct from 'answer' or next.score < 1))
            or (s.outcome = 'answer' and s.solved is false)
            or (s.outcome = 'answer' and s.solved is null and exists (
              select from rating r join episode e on e.id = r.episode_id
              where e.conversation_id = s.conversation_id and e.kind = 'bot' and r.level <= ${badLevels} and not r.excluded
                and s.served_at >= e.started_at and (e.ended_at is null or s.served_at <= e.ended_at))))
        order by s.served_at, s.conversation_id, s.seq
        limit ${limit}`.execute(db)
      return rows.map((row) => ({
        conversationId: row.conversation_id,
        seq: row.seq,
        contactId: row.contact_id,
        cause: row.cause,
        question: row.question,
        askedAt: row.served_at,
      }))
    },
  }
}
