/** Numbers of callers who hung up before their conversation was closed: sealed, and kept no longer than that. */
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

type Tables = { caller_number: { conversation_id: string; number_sealed: string; kept_at: Date } }

export function callerNumbersStore(db: Db, sealer: Sealer) {
  const d = db.withTables<Tables>()
  return {
    async keep(conversationId: string, number: string, now: Date): Promise<void> {
      const row = { number_sealed: sealer.seal(number), kept_at: now }
      await d
        .insertInto('caller_number')
        .values({ conversation_id: conversationId, ...row })
        .onConflict((known) => known.column('conversation_id').doUpdateSet(row))
        .execute()
    },
    async find(conversationId: string): Promise<string | undefined> {
      const row = await d
        .selectFrom('caller_number')
        .select('number_sealed')
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst()
      return row && sealer.open(row.number_sealed)
    },
    async forget(conversationId: string): Promise<void> {
      await d.deleteFrom('caller_number').where('conversation_id', '=', conversationId).execute()
    },
    async forgetBefore(before: Date): Promise<void> {
      await d.deleteFrom('caller_number').where('kept_at', '<', before).execute()
    },
  }
}
