/** What each conversation is about, in PostgreSQL. Its rules are in context.ts. */
import { newContext, type Context } from './context.ts'
import type { BotTables, Db } from './tables.ts'

export type ContextStore = ReturnType<typeof contextStore>

export function contextStore(db: Db) {
  const tables = db.withTables<BotTables>()
  return {
    async of(conversationId: string): Promise<Context> {
      const row = await tables
        .selectFrom('conversation_context')
        .select('context')
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst()
      return row?.context ?? newContext
    },

    async keep(conversationId: string, context: Context, now: Date): Promise<void> {
      const kept = { context: JSON.stringify(context), changed_at: now }
      await tables
        .insertInto('conversation_context')
        .values({ conversation_id: conversationId, ...kept })
        .onConflict((known) => known.column('conversation_id').doUpdateSet(kept))
        .execute()
    },

    async forget(conversationId: string): Promise<void> {
      await tables.deleteFrom('conversation_context').where('conversation_id', '=', conversationId).execute()
    },
  }
}
