/** Where a scripted dialog stands: written in the turn's own transaction, so it is never ahead of what was said. */
import type { DialogState } from './dialogs/script.ts'
import type { BotTables, Db } from './tables.ts'

export type DialogStatesStore = ReturnType<typeof dialogStatesStore>

export function dialogStatesStore(db: Db) {
  const tables = db.withTables<BotTables>()
  return {
    async find(conversationId: string): Promise<DialogState | undefined> {
      const row = await tables
        .selectFrom('dialog_state')
        .select('state')
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst()
      return row?.state
    },

    /** Undefined: no dialog is open any more. */
    async keep(conversationId: string, state: DialogState | undefined, now: Date): Promise<void> {
      if (!state) {
        await tables.deleteFrom('dialog_state').where('conversation_id', '=', conversationId).execute()
        return
      }
      const kept = { state: JSON.stringify(state), changed_at: now }
      await tables
        .insertInto('dialog_state')
        .values({ conversation_id: conversationId, ...kept })
        .onConflict((on) => on.column('conversation_id').doUpdateSet(kept))
        .execute()
    },
  }
}
