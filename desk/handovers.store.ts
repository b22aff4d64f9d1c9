/** The queue of those who wait for a person, in PostgreSQL. A conversation waits once, and one agent wins it. */
import { sql } from 'kysely'
import { handoverPriority } from './handover.ts'
import type { Db, DeskTables, HandoverReason } from './tables.ts'

export type HandoversStore = ReturnType<typeof handoversStore>
export type Waiting = {
  id: string
  conversationId: string
  reason: HandoverReason
  note?: string
  priority: number
  askedAt: Date
}

export function handoversStore(db: Db) {
  const d = db.withTables<DeskTables>()
  const waiting = () => d.selectFrom('handover').where('claimed_at', 'is', null).where('left_at', 'is', null)

  return {
    /**
     * Whoever waits already keeps the time they asked at; a more pressing reason still moves them forward.
     * @returns `joined`: the conversation was not waiting before.
     */
    async ask(
      asked: { conversationId: string; reason: HandoverReason; note?: string },
      now: Date,
    ): Promise<{ id: string; askedAt: Date; joined: boolean }> {
      const row = await d
        .insertInto('handover')
        .values({
          conversation_id: asked.conversationId,
          reason: asked.reason,
          note: asked.note ?? null,
          priority: handoverPriority[asked.reason],
          asked_at: now,
          claimed_by: null,
          claimed_at: null,
          left_at: null,
        })
        .onConflict((known) =>
          known
            .column('conversation_id')
            .where('claimed_at', 'is', null)
            .where('left_at', 'is', null)
            .doUpdateSet({
              reason: sql`case when excluded.priority > handover.priority then excluded.reason else handover.reason end`,
              priority: sql`greatest(handover.priority, excluded.priority)`,
            }),
        )
        // xmax is 0 in a row that was inserted, and not in one that was updated.
        .returning(['id', 'asked_at', sql<boolean>`xmax = 0`.as('joined')])
        .executeTakeFirstOrThrow()
      return { id: row.id, askedAt: row.asked_at, joined: row.joined }
    },

    /** @returns false when nobody waits there any more: somebody was faster, or the citizen left. */
    async claim(conversationId: string, staffId: string, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('handover')
        .set({ claimed_by: staffId, claimed_at: now })
        .where('conversation_id', '=', conversationId)
        .where('claimed_at', 'is', null)
        .where('left_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    /** @returns false when the conversation was not waiting. */
    async leave(conversationId: string, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('handover')
        .set({ left_at: now })
        .where('conversation_id', '=', conversationId)
        .where('claimed_at', 'is', null)
        .where('left_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    async find(conversationId: string): Promise<Waiting | undefined> {
      const row = await waiting().selectAll().where('conversation_id', '=', conversationId).executeTakeFirst()
      return row && fromRow(row)
    },

    /** First to be served first. */
    async waitingList(): Promise<Waiting[]> {
      const rows = await waiting()
        .selectAll()
        .orderBy('priority', 'desc')
        .orderBy('asked_at')
        .orderBy('id') // two who asked in the same millisecond keep their order from one look to the next
        .execute()
      return rows.map(fromRow)
    },
  }
}

type Row = {
  id: string
  conversation_id: string
  reason: HandoverReason
  note: string | null
  priority: number
  asked_at: Date
}

function fromRow({ id, conversation_id, reason, note, priority, asked_at }: Row): Waiting {
  return { id, conversationId: conversation_id, reason, note: note ?? undefined, priority, askedAt: asked_at }
}
