/**
 * Conversations that go on now, in PostgreSQL, as a supervisor looks through them: those that people have or are asked
 * for before the bot's, and of these whoever has waited longest for a word first.
 */
import { sql, type RawBuilder } from 'kysely'
import type { Channel } from '../contract/turn.ts'
import type { Holder } from '../contract/wall.ts'
import type { Db } from './tables.ts'

export type LiveFilter = {
  holder?: Holder
  agentId?: string
  channel?: Channel
  /** Only those that nobody has said a word to since their own words of then or before. */
  unansweredBefore?: Date
}
export type Live = { id: string; unansweredSince?: Date }

/**
 * Of whoever waits, since they asked. Of an agent's, since the citizen's first words after the last of any agent; since
 * they asked for a person, or the agent took them, where none has spoken since. A caller who is talked with is answered.
 */
const unansweredSince = sql<Date | null>`case
  when c.state = 'waiting' then
    (select max(h.asked_at) from handover h where h.conversation_id = c.id and h.claimed_at is null and h.left_at is null)
  when c.state = 'agent' and c.channel <> 'phone' then (
    select case when last.said_at is null or last.said_at < part.began then part.began
      else (select min(t.said_at) from turn t
        where t.conversation_id = c.id and t.speaker = 'customer' and t.seq > last.seq) end
    from (select coalesce(
        (select max(h.asked_at) from handover h where h.conversation_id = c.id),
        (select max(e.started_at) from episode e where e.conversation_id = c.id and e.kind = 'agent')) as began) part
    left join lateral (select t.seq, t.said_at from turn t
      where t.conversation_id = c.id and t.speaker = 'agent' order by t.seq desc limit 1) last on true)
  end`

export function liveConversationsStore(db: Db) {
  const live = (filter: LiveFilter): RawBuilder<unknown> => {
    const { holder, agentId, channel, unansweredBefore: before } = filter
    return sql`(select c.id, c.state, c.last_turn_at, ${unansweredSince} as since from conversation c
      where c.state <> 'closed' ${holder ? sql`and c.state = ${holder}` : sql``}
      ${agentId ? sql`and c.agent_id = ${agentId}` : sql``} ${channel ? sql`and c.channel = ${channel}` : sql``}) live
      where true ${before ? sql`and since <= ${before}` : sql``}`
  }

  return {
    async list(filter: LiveFilter, page: { limit: number; offset: number }): Promise<{ rows: Live[]; total: number }> {
      const { rows } = await sql<{ id: string; since: Date | null }>`
        select id, since from ${live(filter)}
        order by state = 'bot', since nulls last, last_turn_at desc, id
        limit ${page.limit} offset ${page.offset}`.execute(db)
      const { rows: counted } = await sql<{ total: number }>`
        select count(*) as total from ${live(filter)}`.execute(db)
      const found = rows.map(({ id, since }) => ({ id, ...(since && { unansweredSince: since }) }))
      return { rows: found, total: counted[0]?.total ?? 0 }
    },
  }
}
