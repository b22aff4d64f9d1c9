/**
 * What the citizen of a work order rates by a link: a matter without words, over before it began, in no one's hands. It is
 * kept like any other matter, so that the rating has the one way that ratings have; whose it is, nobody is told by it.
 */
import { sql } from 'kysely'
import type { Db } from './tables.ts'

export function orderMattersStore(db: Db) {
  return {
    /** @param staffId whose handling of the case is rated. */
    async keep(staffId: string, now: Date): Promise<{ conversationId: string; episodeId: string }> {
      const { rows } = await sql<{ conversationId: string; episodeId: string }>`
        with who as (insert into contact (created_at) values (${now}) returning id),
        matter as (
          insert into conversation (contact_id, channel, state, started_at, last_turn_at, closed_at)
          select id, 'web', 'closed', ${now}, ${now}, ${now} from who returning id
        )
        insert into episode (conversation_id, kind, staff_id, started_at, ended_at, ended_by)
        select id, 'case', ${staffId}, ${now}, ${now}, 'reported_back' from matter
        returning conversation_id as "conversationId", id as "episodeId"`.execute(db)
      const [row] = rows
      if (!row) throw new Error('a matter was not kept')
      return row
    },
  }
}
