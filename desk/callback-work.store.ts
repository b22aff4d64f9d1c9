/** Who has a callback in hand, what was tried with it, and how it was settled, in PostgreSQL. */
import { sql, type Selectable } from 'kysely'
import type { AttemptOutcome, CallbackOrigin, CallbackResult } from '../contract/callback.ts'
import { Problem } from '../contract/problem.ts'
import type { CallbackTables } from './callback-tables.ts'
import type { Db, DeskTables } from './tables.ts'

/** A callback as whoever works it needs it. */
export type Ticket = {
  id: string
  conversationId: string
  origin: CallbackOrigin
  isWaiting: boolean
  holderId?: string
  dueAt: Date
  /** Tries before that do not count. */
  countsFrom: Date
}
export type NewAttempt = { staffId: string; outcome: AttemptOutcome; conversationId?: string; note?: string }
export type Held = { id: string; staffId: string; touchedAt: Date }

/** @param db a transaction wherever a ticket is locked. */
export function callbackWorkStore(db: Db) {
  const d = db.withTables<DeskTables & CallbackTables>()
  const waiting = () => d.updateTable('callback').where('state', '=', sql.lit('waiting'))

  return {
    /** @throws Problem not_found */
    async find(id: string): Promise<Ticket> {
      return found(id, await d.selectFrom('callback').selectAll().where('id', '=', id).executeTakeFirst())
    },
    /** Held until the transaction ends. @throws Problem not_found */
    async lock(id: string): Promise<Ticket> {
      return found(id, await d.selectFrom('callback').selectAll().where('id', '=', id).forUpdate().executeTakeFirst())
    },

    /** Nobody's, or theirs already. @returns false when somebody else has it, or it waits no more. */
    async claim(id: string, staffId: string, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await waiting()
        .set({ claimed_by: staffId, claimed_at: now })
        .where('id', '=', id)
        .where((e) => e.or([e('claimed_by', 'is', null), e('claimed_by', '=', staffId)]))
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    /** @returns false when it was not in their hands. */
    async release(id: string, staffId: string): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('callback')
        .set({ claimed_by: null, claimed_at: null })
        .where('id', '=', id)
        .where('claimed_by', '=', staffId)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    /** All that somebody has taken up, each with when they last did something with it. */
    async held(): Promise<Held[]> {
      const { rows } = await sql<{ id: string; staff_id: string; touched_at: Date }>`
        select b.id, b.claimed_by as staff_id, greatest(b.claimed_at,
          (select max(a.at) from callback_attempt a where a.callback_id = b.id and a.staff_id = b.claimed_by)) as touched_at
        from callback b
        where b.claimed_by is not null
          and not exists (select from callback_attempt a where a.callback_id = b.id and a.outcome = 'ringing')`.execute(
        db,
      )
      return rows.map((row) => ({ id: row.id, staffId: row.staff_id, touchedAt: row.touched_at }))
    },

    async addAttempt(id: string, { staffId, outcome, conversationId, note }: NewAttempt, now: Date): Promise<void> {
      await d
        .insertInto('callback_attempt')
        .values({
          ...{ callback_id: id, staff_id: staffId, at: now, outcome },
          ...{ conversation_id: conversationId ?? null, note: note ?? null },
        })
        .execute()
    },

    /** @returns false where a call of this conversation rings already. */
    async beginRinging(id: string, staffId: string, conversationId: string, now: Date): Promise<boolean> {
      const begun = await d
        .insertInto('callback_attempt')
        .values({
          ...{ callback_id: id, staff_id: staffId, at: now, note: null },
          ...{ conversation_id: conversationId, outcome: 'ringing' },
        })
        .onConflict((known) => known.column('conversation_id').where('outcome', '=', sql.lit('ringing')).doNothing())
        .returning('id')
        .executeTakeFirst()
      return begun !== undefined
    },

    /** What became of the call that rang in this conversation. @returns nothing when none did. */
    async endRinging(
      conversationId: string,
      outcome: Exclude<AttemptOutcome, 'ringing'>,
    ): Promise<{ callbackId: string; staffId: string } | undefined> {
      const row = await d
        .updateTable('callback_attempt')
        .set({ outcome })
        .where('conversation_id', '=', conversationId)
        .where('outcome', '=', sql.lit('ringing'))
        .returning(['callback_id', 'staff_id'])
        .executeTakeFirst()
      return row && { callbackId: row.callback_id, staffId: row.staff_id }
    },

    /** Of calls whose end nobody told. */
    async dropRinging(before: Date): Promise<number> {
      const { numUpdatedRows } = await d
        .updateTable('callback_attempt')
        .set({ outcome: 'broken_off' })
        .where('outcome', '=', sql.lit('ringing'))
        .where('at', '<', before)
        .executeTakeFirstOrThrow()
      return Number(numUpdatedRows)
    },

    async ringingIn(conversationId: string): Promise<string | undefined> {
      const row = await d
        .selectFrom('callback_attempt')
        .select('callback_id')
        .where('conversation_id', '=', conversationId)
        .where('outcome', '=', sql.lit('ringing'))
        .executeTakeFirst()
      return row?.callback_id
    },

    async unanswered(id: string, since: Date): Promise<Date[]> {
      const rows = await d
        .selectFrom('callback_attempt')
        .select('at')
        .where('callback_id', '=', id)
        .where('outcome', '=', 'not_reached')
        .where('at', '>=', since)
        .execute()
      return rows.map(({ at }) => at)
    },

    /** Nobody has it any more: whoever is there then may ring. */
    async putOff(id: string, dueAt: Date): Promise<void> {
      await d
        .updateTable('callback')
        .set({ due_at: dueAt, claimed_by: null, claimed_at: null })
        .where('id', '=', id)
        .execute()
    },

    async settle(id: string, result: CallbackResult, staffId: string, note: string | undefined, now: Date) {
      const settled = { state: 'done', result, note: note ?? null, done_by: staffId, done_at: now } as const
      await waiting()
        .set({ ...settled, claimed_by: null, claimed_at: null })
        .where('id', '=', id)
        .execute()
    },

    /** @returns false where another call is owed for it meanwhile. */
    async askAgain(id: string, dueAt: Date, now: Date): Promise<boolean> {
      const { rows } = await sql<{ id: string }>`
        update callback b
        set state = 'waiting', result = null, note = null, done_by = null, done_at = null,
          claimed_by = null, claimed_at = null, due_at = ${dueAt}, asked_again_at = ${now}
        where b.id = ${id} and b.state <> 'merged' and not exists (
          select from callback other where other.id <> b.id and other.state = 'waiting'
            and (other.conversation_id = b.conversation_id or other.phone_hash = b.phone_hash))
        returning b.id`.execute(db)
      return rows.length > 0
    },

    /** Callers who were missed, rang again and were taken by a person: what was owed to them is done. @returns how many. */
    async settleServed(): Promise<number> {
      const { rows } = await sql<{ id: string }>`
        with served as (
          select distinct on (b.id) b.id, h.claimed_at, h.claimed_by
          from callback b
            join conversation mine on mine.id = b.conversation_id
            join conversation c on c.contact_id = mine.contact_id
            join handover h on h.conversation_id = c.id and h.claimed_at > coalesce(b.asked_again_at, b.asked_at)
          where b.state = 'waiting' and b.origin = 'missed'
          order by b.id, h.claimed_at)
        update callback b
        set state = 'done', result = 'served', done_by = served.claimed_by, done_at = served.claimed_at,
          claimed_by = null, claimed_at = null
        from served where b.id = served.id and b.state = 'waiting'
        returning b.id`.execute(db)
      return rows.length
    },

    /** Late at this moment, the longest first, with who has each in hand. */
    async late(now: Date): Promise<{ id: string; dueAt: Date; holderId?: string }[]> {
      const rows = await d
        .selectFrom('callback')
        .select(['id', 'due_at', 'claimed_by'])
        .where('state', '=', sql.lit('waiting'))
        .where('due_at', '<', now)
        .orderBy('due_at')
        .execute()
      return rows.map(({ id, due_at: dueAt, claimed_by: holderId }) => ({ id, dueAt, ...(holderId && { holderId }) }))
    },
  }
}

function found(id: string, row: Selectable<DeskTables['callback']> | undefined): Ticket {
  if (!row) throw new Problem('not_found', `no callback ${id}`)
  return {
    id: row.id,
    conversationId: row.conversation_id,
    origin: row.origin,
    isWaiting: row.state === 'waiting',
    dueAt: row.due_at,
    countsFrom: row.asked_again_at ?? row.asked_at,
    ...(row.claimed_by && { holderId: row.claimed_by }),
  }
}
