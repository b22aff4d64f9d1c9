/**
 * Matters of which we have no words: a work order of 12345 that its citizen rates by a link, a visit to a window that
 * somebody rated. They are over before they began and in no one's hands, and are kept like any other matter, so that a
 * rating has its one way, and a bad one becomes a case. Nobody is told by them who came.
 */
import { sql } from 'kysely'
import type { Db } from './tables.ts'

type Matter = { conversationId: string; episodeId: string }
type Part = { kind: 'case' | 'window'; staffId?: string; endedBy: 'reported_back' | 'citizen' }

export function wordlessMattersStore(db: Db) {
  async function keep({ kind, staffId, endedBy }: Part, now: Date): Promise<Matter> {
    const { rows } = await sql<Matter>`
      with who as (insert into contact (created_at) values (${now}) returning id),
      matter as (
        insert into conversation (contact_id, channel, state, started_at, last_turn_at, closed_at)
        select id, 'web', 'closed', ${now}, ${now}, ${now} from who returning id
      )
      insert into episode (conversation_id, kind, staff_id, started_at, ended_at, ended_by)
      select id, ${kind}, ${staffId ?? null}::uuid, ${now}, ${now}, ${endedBy} from matter
      returning conversation_id as "conversationId", id as "episodeId"`.execute(db)
    const [row] = rows
    if (!row) throw new Error('a matter was not kept')
    return row
  }

  return {
    /** @param staffId whose handling of the case is rated. */
    ofOrder: (staffId: string, now: Date): Promise<Matter> =>
      keep({ kind: 'case', staffId, endedBy: 'reported_back' }, now),

    ofVisit: (now: Date): Promise<Matter> => keep({ kind: 'window', endedBy: 'citizen' }, now),

    /** A visit of somebody who talks with us anyway. @returns the episode. */
    async visitIn(conversationId: string, now: Date): Promise<string> {
      const { rows } = await sql<{ id: string }>`
        insert into episode (conversation_id, kind, started_at, ended_at, ended_by)
        values (${conversationId}, 'window', ${now}, ${now}, 'citizen') returning id`.execute(db)
      const [row] = rows
      if (!row) throw new Error('a visit was not kept')
      return row.id
    },
  }
}
