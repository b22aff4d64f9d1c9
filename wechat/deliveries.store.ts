/** What went out to whom: up to where a conversation has been told, and what became of each message. */
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

    /** @returns the number of the row, to settle it by. */
    async claim(conversationId: string, { fromSeq, toSeq, part, state }: Delivery, now: Date): Promise<number> {
      const values = { conversation_id: conversationId, from_seq: fromSeq, to_seq: toSeq, part, state, at: now }
      const row = await tables.insertInto('wechat_delivery').values(values).returning('id').executeTakeFirstOrThrow()
      return row.id
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
