/**
 * Conversations that go on now, in PostgreSQL, as a supervisor looks through them: those that people have or are asked
 * for before the bot's, and of these whoever has waited longest for a word first.
 */
import { sql, type RawBuilder } from 'kysely'
import type { Channel } from '../contract/turn.ts'
import type { Holder } from '../contract/wall.ts'
import type { Db } from './tables.ts'

type LiveFilter = {
  holder?: Holder
  agentId?: string
  channel?: Channel
  /** Only those that nobody has said a word to since their own words of then or before. */
  unansweredBefore?: Date
}
export type Live = { id: string; unansweredSince?: Date }

type Waits = { conversationId: string; since: Date }

export function liveConversationsStore(db: Db) {
  const live = (filter: LiveFilter, waits: readonly Waits[]): RawBuilder<unknown> => {
    const { holder, agentId, channel, unansweredBefore: before } = filter
    const ids = waits.map(({ conversationId }) => conversationId)
    const sinces = waits.map(({ since }) => since)
    return sql`(select c.id, c.state, c.last_turn_at, w.since from conversation c
      left join unnest(${ids}::uuid[], ${sinces}::timestamptz[]) w (id, since) on w.id = c.id
      where c.state <> 'closed' ${holder ? sql`and c.state = ${holder}` : sql``}
      ${agentId ? sql`and c.agent_id = ${agentId}` : sql``} ${channel ? sql`and c.channel = ${channel}` : sql``}) live
      where true ${before ? sql`and since <= ${before}` : sql``}`
  }

  return {
    /** @param waits who waits for a word, and since when. */
    async list(
      filter: LiveFilter,
      waits: readonly Waits[],
      page: { limit: number; offset: number },
    ): Promise<{ rows: Live[]; total: number }> {
      const { rows } = await sql<{ id: string; since: Date | null }>`
        select id, since from ${live(filter, waits)}
        order by state = 'bot', since nulls last, last_turn_at desc, id
        limit ${page.limit} offset ${page.offset}`.execute(db)
      const { rows: counted } = await sql<{ total: number }>`
        select count(*) as total from ${live(filter, waits)}`.execute(db)
      const found = rows.map(({ id, since }) => ({ id, ...(since && { unansweredSince: since }) }))
      return { rows: found, total: counted[0]?.total ?? 0 }
    },
  }
}
