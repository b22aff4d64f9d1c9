/** What went out to whom: up to where a conversation has been told, and what became of each message. */
import { sql } from 'kysely'
import type { Db, DeliveryState, WechatTables } from './tables.ts'

export type Delivery = { fromSeq: number; toSeq: number; part: number; state: DeliveryState; code?: number }

export function deliveriesStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    async open(conversationId: string, openIdHash: Buffer): Promise<void> {
      await tables
        .insertInto('wechat_line')
        .values({ conversation_id: conversationId, openid_hash: openIdHash })
        .onConflict((on) => on.column('conversation_id').doNothing())
        .execute()
    },

    /** Whether this conversation has a line, and whether the quota holds anything of it up. */
    async standing(conversationId: string): Promise<{ isOpen: boolean; isHeldUp: boolean }> {
      const row = await tables
        .selectFrom('wechat_line')
        .select((e) =>
          e
            .exists(
              e
                .selectFrom('wechat_delivery')
                .select('wechat_delivery.id')
                .whereRef('wechat_delivery.conversation_id', '=', 'wechat_line.conversation_id')
                .where('wechat_delivery.state', '=', sql.lit('blocked')),
            )
            .as('held_up'),
        )
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst()
      return { isOpen: row !== undefined, isHeldUp: Boolean(row?.held_up) }
    },

    /** Locks it until the transaction ends: one tells at a time. */
    async lock(conversationId: string): Promise<{ openIdHash: Buffer; toldSeq: number } | undefined> {
      const row = await tables
        .selectFrom('wechat_line')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .forUpdate()
        .executeTakeFirst()
      return row && { openIdHash: row.openid_hash, toldSeq: row.told_seq }
    },

    async toldUpTo(conversationId: string, seq: number): Promise<void> {
      await tables
        .updateTable('wechat_line')
        .set({ told_seq: seq })
        .where('conversation_id', '=', conversationId)
        .execute()
    },

    /** Told up to `toldSeq` by these messages. @returns the numbers of their rows, to settle them by. */
    async claim(conversationId: string, toldSeq: number, claimed: readonly Delivery[], now: Date): Promise<number[]> {
      const values = claimed.map(({ fromSeq: from_seq, toSeq: to_seq, part, state }) => ({
        ...{ conversation_id: conversationId, from_seq, to_seq, part, state, at: now },
      }))
      const rows = await tables
        .with('told', (q) =>
          q.updateTable('wechat_line').set({ told_seq: toldSeq }).where('conversation_id', '=', conversationId),
        )
        .insertInto('wechat_delivery')
        .values(values)
        .returning(['id', 'part'])
        .execute()
      return rows.sort((a, b) => a.part - b.part).map(({ id }) => id)
    },

    async settle(id: number, state: DeliveryState, code: number | undefined, now: Date): Promise<void> {
      await tables
        .updateTable('wechat_delivery')
        .set({ state, code: code ?? null, at: now })
        .where('id', '=', id)
        .execute()
    },

    /** What the quota held up as a whole is to be said again, from its first turn on. @returns whether there was any. */
    async takeBackBlocked(conversationId: string): Promise<boolean> {
      const first = await tables
        .selectFrom('wechat_delivery')
        .select((e) => e.fn.min('from_seq').as('seq'))
        .where('conversation_id', '=', conversationId)
        .where('state', '=', 'blocked')
        .where('part', '=', 0)
        .executeTakeFirst()
      if (!first?.seq) return false
      await tables
        .deleteFrom('wechat_delivery')
        .where('conversation_id', '=', conversationId)
        .where('from_seq', '>=', first.seq)
        .where('state', '=', 'blocked')
        .execute()
      await tables
        .updateTable('wechat_line')
        .set({ told_seq: first.seq - 1 })
        .where('conversation_id', '=', conversationId)
        .where('told_seq', '>=', first.seq)
        .execute()
      return true
    },

    /** Claimed so long ago that whoever claimed it is gone: nobody knows whether it arrived. */
    async forsake(before: Date, now: Date): Promise<void> {
      await tables
        .updateTable('wechat_delivery')
        .set({ state: 'unknown', at: now })
        .where('state', '=', 'sending')
        .where('at', '<', before)
        .execute()
    },

    async linesOf(conversationIds: readonly string[]): Promise<Map<string, number>> {
      if (conversationIds.length === 0) return new Map()
      const rows = await tables
        .selectFrom('wechat_line')
        .select(['conversation_id', 'told_seq'])
        .where('conversation_id', 'in', conversationIds)
        .execute()
      return new Map(rows.map((row) => [row.conversation_id, row.told_seq]))
    },

    async of(conversationId: string): Promise<Delivery[]> {
      const rows = await tables
        .selectFrom('wechat_delivery')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .orderBy('id')
        .execute()
      return rows.map((row) => ({
        fromSeq: row.from_seq,
        toSeq: row.to_seq,
        part: row.part,
        state: row.state,
        code: row.code ?? undefined,
      }))
    },
  }
}
