/**
 * Callbacks in PostgreSQL: one waiting for a conversation, and one for a number and matter; the number sealed. A caller
 * who was missed waits once, and only while no call to that number is owed already.
 */
import { sql } from 'kysely'
import type { CallbackOrigin } from '../contract/callback.ts'
import { Problem } from '../contract/problem.ts'
import type { CallbackTables } from './callback-tables.ts'
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
  /** Since when they wait: their place. */
  askedAt: Date
  bookedAt: Date
  priority: number
  skillId?: string
}

const noOnes = { claimed_by: null, claimed_at: null }

export function callbacksStore(db: Db, sealer: Sealer) {
  const d = db.withTables<DeskTables>()
  return {
    /**
     * Kept again, the one that waits takes the new number and time, and keeps the earlier place; it stands with the
     * conversation that asked last. A call that was only missed is what they ask for now.
     */
    keep(asked: NewCallback): Promise<string> {
      return inTransaction(db, async (tx) => {
        const hash = await lockNumber(tx, asked.phone)
        const known = await waitingFor(tx, hash, asked.skillId)
        const id =
          known && known.conversation_id !== asked.conversationId
            ? await moveTo(tx, known.id, asked)
            : await insert(tx, asked, hash, 'asked')
        const missed = await tx
          .withTables<DeskTables>()
          .selectFrom('callback')
          .select('id')
          .where('phone_hash', '=', hash)
          .where('state', '=', 'waiting')
          .where('origin', '=', 'missed')
          .where('id', '!=', id)
          .execute()
        for (const one of missed) await merge(tx, one.id, id)
        return id
      })
    },

    /** A caller hung up while they waited. @returns undefined where a call to them is owed already. */
    miss(missed: NewCallback): Promise<string | undefined> {
      return inTransaction(db, async (tx) => {
        const hash = await lockNumber(tx, missed.phone)
        const owed = await tx
          .withTables<DeskTables>()
          .selectFrom('callback')
          .select('id')
          .where('state', '=', 'waiting')
          .where((e) => e.or([e('phone_hash', '=', hash), e('conversation_id', '=', missed.conversationId)]))
          .limit(1)
          .executeTakeFirst()
        return owed ? undefined : insert(tx, missed, hash, 'missed')
      })
    },

    /** The whole number, for the agent who rings it; its reading is to be audited. @throws Problem not_found */
    async phoneOf(id: string): Promise<string> {
      const row = await d.selectFrom('callback').select('phone_sealed').where('id', '=', id).executeTakeFirst()
      if (!row) throw new Problem('not_found', `no callback ${id}`)
      return sealer.open(row.phone_sealed)
    },
  }

  async function lockNumber(tx: Db, phone: string): Promise<Buffer> {
    const hash = sealer.lookupHash(`callback ${phone}`)
    await sql`select pg_advisory_xact_lock(${hash.readInt32BE(0)}, ${hash.readInt32BE(4)})`.execute(tx)
    return hash
  }

  async function insert(tx: Db, asked: NewCallback, hash: Buffer, origin: CallbackOrigin): Promise<string> {
    const { conversationId, phone, dueAt, askedAt, bookedAt, skillId = null, priority } = asked
    const kept = {
      phone_sealed: sealer.seal(phone),
      phone_masked: maskPhone(phone),
      ...{ phone_hash: hash, skill_id: skillId, due_at: dueAt, origin },
    }
    const { id } = await tx
      .withTables<DeskTables>()
      .insertInto('callback')
      .values({
        ...{ ...kept, conversation_id: conversationId, asked_at: askedAt, priority },
        ...{ result: null, note: null, done_by: null, done_at: null },
      })
      // A literal: PostgreSQL finds the index for these rows in a kept plan too, which knows no values.
      .onConflict((known) =>
        known
          .column('conversation_id')
          .where('state', '=', sql.lit('waiting'))
          .doUpdateSet({ ...kept, asked_again_at: bookedAt }),
      )
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  }

  /** The same person asked for the same matter elsewhere: that callback stands with this conversation from now on. */
  async function moveTo(tx: Db, id: string, { conversationId, dueAt, askedAt, bookedAt, priority }: NewCallback) {
    const t = tx.withTables<DeskTables>()
    const own = await t
      .selectFrom('callback')
      .select(['id', 'asked_at', 'priority'])
      .where('conversation_id', '=', conversationId)
      .where('state', '=', 'waiting')
      .executeTakeFirst()
    if (own) await merge(tx, own.id, id)
    await t
      .updateTable('callback')
      .set({
        ...{ conversation_id: conversationId, due_at: dueAt, asked_again_at: bookedAt, origin: 'asked' },
        asked_at: sql`least(asked_at, ${own?.asked_at ?? askedAt}::timestamptz)`,
        priority: sql`greatest(priority, ${own?.priority ?? priority}::smallint)`,
      })
      .where('id', '=', id)
      .execute()
    return id
  }

  /** Two became one: what was spoken for the one and what was tried with it is with the other. */
  async function merge(tx: Db, from: string, into: string): Promise<void> {
    const t = tx.withTables<DeskTables & CallbackTables>()
    const merged = { ...noOnes, state: 'merged', merged_into: into } as const
    await t.updateTable('callback').set(merged).where('id', '=', from).execute()
    await t.updateTable('callback_attempt').set({ callback_id: into }).where('callback_id', '=', from).execute()
    await leftQuestionsStore(tx, sealer).moveTo(into, from)
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
