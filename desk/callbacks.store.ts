/** Callbacks in PostgreSQL: one waiting for a conversation, and one for a number and matter; the number sealed. */
import { sql } from 'kysely'
import type { CallbackView } from '../contract/http.ts'
import { Problem } from '../contract/problem.ts'
import { maskPhone } from './masking.ts'
import { leftQuestionsStore } from './left-questions.store.ts'
import type { Sealer } from './sealer.ts'
import type { Db, DeskTables } from './tables.ts'
import { inTransaction } from './transaction.ts'

export type CallbacksStore = ReturnType<typeof callbacksStore>

/** `skillId`: the matter, as far as it is known. */
export type NewCallback = {
  conversationId: string
  phone: string
  dueAt: Date
  askedAt: Date
  priority: number
  skillId?: string
}

export function callbacksStore(db: Db, sealer: Sealer) {
  const d = db.withTables<DeskTables>()
  return {
    /**
     * Kept again, the one that waits takes the new number and time, and keeps the earlier place; it stands with the
     * conversation that asked last. @param asked.askedAt since when they wait: their place.
     */
    keep(asked: NewCallback): Promise<string> {
      return inTransaction(db, async (tx) => {
        const hash = sealer.lookupHash(`callback ${asked.phone}`)
        await sql`select pg_advisory_xact_lock(${hash.readInt32BE(0)}, ${hash.readInt32BE(4)})`.execute(tx)
        const known = await waitingFor(tx, hash, asked.skillId)
        return known && known.conversation_id !== asked.conversationId
          ? moveTo(tx, known.id, asked)
          : insert(tx, asked, hash)
      })
    },

    /** The oldest due first. */
    async waiting(limit = 200): Promise<CallbackView[]> {
      const rows = await d
        .selectFrom('callback')
        .selectAll()
        .where('state', '=', 'waiting')
        .orderBy('due_at')
        .orderBy('priority', 'desc')
        .orderBy('asked_at')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        id: row.id,
        conversationId: row.conversation_id,
        phone: row.phone_masked,
        dueAt: row.due_at.toISOString(),
        askedAt: row.asked_at.toISOString(),
        state: 'waiting',
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

  async function insert(tx: Db, asked: NewCallback, hash: Buffer): Promise<string> {
    const { conversationId, phone, dueAt, askedAt, skillId = null, priority } = asked
    const kept = {
      phone_sealed: sealer.seal(phone),
      phone_masked: maskPhone(phone),
      ...{ phone_hash: hash, skill_id: skillId, due_at: dueAt },
    }
    const { id } = await tx
      .withTables<DeskTables>()
      .insertInto('callback')
      .values({
        ...{ ...kept, conversation_id: conversationId, asked_at: askedAt, priority },
        ...{ result: null, note: null, done_by: null, done_at: null },
      })
      // A literal: PostgreSQL finds the index for these rows in a kept plan too, which knows no values.
      .onConflict((known) => known.column('conversation_id').where('state', '=', sql.lit('waiting')).doUpdateSet(kept))
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  }

  /** The same person asked for the same matter elsewhere: that callback stands with this conversation from now on. */
  async function moveTo(tx: Db, id: string, { conversationId, dueAt, askedAt, priority }: NewCallback) {
    const t = tx.withTables<DeskTables>()
    const own = await t
      .updateTable('callback')
      .set({ state: 'merged', merged_into: id })
      .where('conversation_id', '=', conversationId)
      .where('state', '=', 'waiting')
      .returning(['id', 'asked_at', 'priority'])
      .executeTakeFirst()
    if (own) await leftQuestionsStore(tx, sealer).moveTo(id, own.id)
    await t
      .updateTable('callback')
      .set({
        ...{ conversation_id: conversationId, due_at: dueAt },
        asked_at: sql`least(asked_at, ${own?.asked_at ?? askedAt}::timestamptz)`,
        priority: sql`greatest(priority, ${own?.priority ?? priority}::smallint)`,
      })
      .where('id', '=', id)
      .execute()
    return id
  }
}

function waitingFor(tx: Db, hash: Buffer, skillId: string | undefined) {
  return tx
    .withTables<DeskTables>()
    .selectFrom('callback')
    .select(['id', 'conversation_id'])
    .where('phone_hash', '=', hash)
    .where(sql<boolean>`skill_id is not distinct from ${skillId ?? null}::uuid`)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
}
