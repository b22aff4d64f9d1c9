/**
 * A visit to a window, as far as we know of it: somebody rated it. It is kept like any other matter of a citizen, over
 * before it began, so that a bad rating becomes a case in the one way there is. Nobody is told by it who came.
 */
import { sql } from 'kysely'
import type { Db } from './tables.ts'

export function windowVisitsStore(db: Db) {
  return {
    async keep(now: Date): Promise<{ conversationId: string; episodeId: string }> {
      const { rows } = await sql<{ conversationId: string; episodeId: string }>`
        with who as (insert into contact (created_at) values (${now}) returning id),
        matter as (
          insert into conversation (contact_id, channel, state, started_at, last_turn_at, closed_at)
          select id, 'web', 'closed', ${now}, ${now}, ${now} from who returning id
        )
        insert into episode (conversation_id, kind, started_at, ended_at, ended_by)
        select id, 'window', ${now}, ${now}, 'citizen' from matter
        returning conversation_id as "conversationId", id as "episodeId"`.execute(db)
      const [row] = rows
      if (!row) throw new Error('a visit was not kept')
      return row
    },

    /** Of somebody who talks with us anyway. @returns the episode. */
    async keepIn(conversationId: string, now: Date): Promise<string> {
      const { rows } = await sql<{ id: string }>`
        insert into episode (conversation_id, kind, started_at, ended_at, ended_by)
        values (${conversationId}, 'window', ${now}, ${now}, 'citizen') returning id`.execute(db)
      const [row] = rows
      if (!row) throw new Error('a visit was not kept')
      return row.id
    },
  }
}
