/** Transfers in PostgreSQL. One is open in a conversation at most; the conversation's lock orders what is done about it. */
import type { Selectable } from 'kysely'
import type { TransferState } from '../contract/transfer.ts'
import type { Transfer } from './transfer.ts'
import type { Db, DeskTables } from './tables.ts'

export type TransfersStore = ReturnType<typeof transfersStore>

export function transfersStore(db: Db) {
  const d = db.withTables<DeskTables>()
  const open = () => d.selectFrom('transfer').selectAll().where('state', '=', 'asked')

  return {
    async keep(asked: {
      conversationId: string
      fromStaffId: string
      toStaffId?: string
      reason: string
      state: Extract<TransferState, 'asked' | 'queued'>
      now: Date
    }): Promise<Transfer> {
      const { now, state } = asked
      const row = await d
        .insertInto('transfer')
        .values({
          conversation_id: asked.conversationId,
          from_staff_id: asked.fromStaffId,
          to_staff_id: asked.toStaffId ?? null,
          reason: asked.reason,
          asked_at: now,
          state,
          settled_at: state === 'asked' ? null : now,
          note: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return fromRow(row)
    },

    /** Writes how a transfer was settled. */
    async settle({ id, state, settledAt, note }: Transfer): Promise<void> {
      await d
        .updateTable('transfer')
        .set({ state, settled_at: settledAt ?? null, note: note ?? null })
        .where('id', '=', id)
        .where('state', '=', 'asked')
        .execute()
    },

    async find(id: string): Promise<Transfer | undefined> {
      const row = await d.selectFrom('transfer').selectAll().where('id', '=', id).executeTakeFirst()
      return row && fromRow(row)
    },

    async openOf(conversationId: string): Promise<Transfer | undefined> {
      const row = await open().where('conversation_id', '=', conversationId).executeTakeFirst()
      return row && fromRow(row)
    },

    /** The newest, settled or not. */
    async lastOf(conversationId: string): Promise<Transfer | undefined> {
      const row = await d
        .selectFrom('transfer')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .orderBy('asked_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && fromRow(row)
    },

    /** Those that are asked of this agent, the oldest first. */
    async openFor(staffId: string): Promise<Transfer[]> {
      const rows = await open().where('to_staff_id', '=', staffId).orderBy('asked_at').execute()
      return rows.map(fromRow)
    },

    /** Asked at this moment or before, and not answered. */
    async openUntil(askedAt: Date): Promise<Transfer[]> {
      const rows = await open().where('asked_at', '<=', askedAt).orderBy('asked_at').execute()
      return rows.map(fromRow)
    },
  }
}

function fromRow(row: Selectable<DeskTables['transfer']>): Transfer {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    fromStaffId: row.from_staff_id,
    toStaffId: row.to_staff_id ?? undefined,
    reason: row.reason,
    askedAt: row.asked_at,
    state: row.state,
    settledAt: row.settled_at ?? undefined,
    note: row.note ?? undefined,
  }
}
