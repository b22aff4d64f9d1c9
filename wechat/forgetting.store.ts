/**
 * What the platform told us, forgotten once nobody can ask for it again: its words stand in the conversation too, which
 * is kept as long as the bureau says.
 */
import { sql } from 'kysely'
import type { Db } from './tables.ts'

export function forgettingStore(db: Db) {
  return {
    /** What was worked on and came before then; the last of each road stays, so that one sees when it was heard of. */
    async told(before: Date): Promise<void> {
      await sql`
        delete from wechat_event e where e.received_at < ${before} and e.done_at is not null
          and exists (select from wechat_event later where later.road = e.road and later.received_at > e.received_at)`.execute(
        db,
      )
      await sql`delete from wechat_kf_message where received_at < ${before} and done_at is not null`.execute(db)
    },
  }
}
