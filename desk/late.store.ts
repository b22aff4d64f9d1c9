/**
 * Citizens who asked for a person and have not been answered by one, in PostgreSQL: because nobody has taken them, or
 * because whoever did has not said a word. Which of them was told of, at which level, is kept for ever.
 */
import { sql } from 'kysely'
import type { Lateness } from '../contract/wait.ts'
import type { AlertTables } from './alert-tables.ts'
import type { Db } from './tables.ts'

export type Unanswered = {
  handoverId: string
  conversationId: string
  askedAt: Date
  /** Who has them; absent while nobody does. */
  staffId?: string
  agentNumber?: string
}

const lookBackMs = 24 * 3_600_000

export function lateStore(db: Db) {
  return {
    /** Asked at this moment or before, the oldest first. A caller who is talked with is answered. */
    async unanswered(askedBefore: Date, now: Date): Promise<Unanswered[]> {
      const since = new Date(now.getTime() - lookBackMs)
      const { rows } = await sql<{
        id: string
        conversation_id: string
        asked_at: Date
        staff_id: string | null
        work_number: string | null
      }>`
        select h.id, h.conversation_id, h.asked_at, h.claimed_by as staff_id, s.work_number
        from handover h join conversation c on c.id = h.conversation_id left join staff s on s.id = h.claimed_by
        where h.left_at is null and h.asked_at <= ${askedBefore} and h.asked_at > ${since}
          and (
            (h.claimed_at is null and c.state = 'waiting')
            or (c.state = 'agent' and c.agent_id = h.claimed_by and c.channel <> 'phone'
              and not exists (select from handover later where later.conversation_id = c.id and later.asked_at > h.asked_at)
              and not exists (select from turn t where t.conversation_id = c.id and t.speaker = 'agent' and t.said_at >= h.asked_at))
          )
        order by h.asked_at, h.id`.execute(db)
      return rows.map((row) => ({
        ...{ handoverId: row.id, conversationId: row.conversation_id, askedAt: row.asked_at },
        ...(row.staff_id && { staffId: row.staff_id }),
        ...(row.work_number && { agentNumber: row.work_number }),
      }))
    },

    /** @returns whether this level is new. Red has amber in it: whoever is told of red is not told of amber afterwards. */
    async tell(handoverId: string, level: Lateness, now: Date): Promise<boolean> {
      const d = db.withTables<AlertTables>()
      const levels = level === 'red' ? (['red', 'amber'] as const) : (['amber'] as const)
      const told = await d
        .insertInto('late_alert')
        .values(levels.map((one) => ({ handover_id: handoverId, level: one, at: now })))
        .onConflict((known) => known.doNothing())
        .returning('level')
        .execute()
      return told.some((one) => one.level === level)
    },
  }
}
