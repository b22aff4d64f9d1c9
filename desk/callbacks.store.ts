/** Callbacks in PostgreSQL: one waiting for a conversation, the number sealed. */
import type { CallbackView } from '../contract/http.ts'
import { Problem } from '../contract/problem.ts'
import { maskPhone } from './masking.ts'
import type { Sealer } from './sealer.ts'
import type { Db, DeskTables } from './tables.ts'

export type CallbacksStore = ReturnType<typeof callbacksStore>

export function callbacksStore(db: Db, sealer: Sealer) {
  const d = db.withTables<DeskTables>()
  return {
    /** Kept again, the one that waits takes the new number and time, and keeps when it was first asked for. */
    async keep(asked: { conversationId: string; phone: string; dueAt: Date }, now: Date): Promise<string> {
      const phone = { phone_sealed: sealer.seal(asked.phone), phone_masked: maskPhone(asked.phone) }
      const { id } = await d
        .insertInto('callback')
        .values({
          ...phone,
          conversation_id: asked.conversationId,
          asked_at: now,
          due_at: asked.dueAt,
          result: null,
          note: null,
          done_by: null,
          done_at: null,
        })
        .onConflict((known) =>
          known
            .column('conversation_id')
            .where('state', '=', 'waiting')
            .doUpdateSet({ ...phone, due_at: asked.dueAt }),
        )
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },

    /** The oldest due first. */
    async waiting(limit = 200): Promise<CallbackView[]> {
      const rows = await d
        .selectFrom('callback')
        .selectAll()
        .where('state', '=', 'waiting')
        .orderBy('due_at')
        .orderBy('asked_at')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        id: row.id,
        conversationId: row.conversation_id,
        phone: row.phone_masked,
        dueAt: row.due_at.toISOString(),
        askedAt: row.asked_at.toISOString(),
        state: row.state,
        result: row.result ?? undefined,
        note: row.note ?? undefined,
      }))
    },

    async isWaiting(id: string): Promise<boolean> {
      const row = await d.selectFrom('callback').select('state').where('id', '=', id).executeTakeFirst()
      return row?.state === 'waiting'
    },

    /** The whole number, for the agent who rings it; its reading is to be audited. @throws Problem not_found */
    async phoneOf(id: string): Promise<string> {
      const row = await d.selectFrom('callback').select('phone_sealed').where('id', '=', id).executeTakeFirst()
      if (!row) throw new Problem('not_found', `no callback ${id}`)
      return sealer.open(row.phone_sealed)
    },

    /** @throws Problem not_found; conflict when it was done already. */
    async done(
      id: string,
      staffId: string,
      result: 'reached' | 'not_reached',
      note: string | undefined,
      now: Date,
    ): Promise<void> {
      const { numUpdatedRows } = await d
        .updateTable('callback')
        .set({ state: 'done', result, note: note ?? null, done_by: staffId, done_at: now })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .executeTakeFirstOrThrow()
      if (numUpdatedRows > 0n) return
      const kept = await d.selectFrom('callback').select('id').where('id', '=', id).executeTakeFirst()
      throw kept ? new Problem('conflict', `callback ${id} is done`) : new Problem('not_found', `no callback ${id}`)
    },
  }
}
