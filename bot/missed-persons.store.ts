/** Who wanted a person when nobody was there: a fact for the figures, told by no other row. */
import { sql } from 'kysely'
import type { HandoverReason } from '../desk/tables.ts'
import type { Db } from './tables.ts'

export function missedPersonsStore(db: Db) {
  return {
    async keep(conversationId: string, reason: HandoverReason, now: Date): Promise<void> {
      await sql`insert into person_missed (conversation_id, at, reason) values (${conversationId}, ${now}, ${reason})
        on conflict do nothing`.execute(db)
    },
  }
}
