/** What went out to whom: up to where a conversation has been told, and what became of each message. */
import { sql } from 'kysely'
import type { Road } from './road.ts'
import type { Db, DeliveryState, WechatTables } from './tables.ts'

/** `messageId`: ours, by a road that takes each number once. */
export type Delivery = {
  fromSeq: number
  toSeq: number
  part: number
  state: DeliveryState
  code?: number
  messageId?: string
}
export type Line = { openIdHash: Buffer; road: Road; toldSeq: number }
export type Unsure = { id: number; conversationId: string; messageId: string } & Pick<
  Delivery,
  'fromSeq' | 'toSeq' | 'part'
>

export function deliveriesStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    /** Told from now on to whom it is that they have just written as. */
    async open(conversationId: string, openIdHash: Buffer): Promise<void> {
      await tables
        .insertInto('wechat_line')
        .values({ conversation_id: conversationId, openid_hash: openIdHash })
        .onConflict((on) => on.column('conversation_id').doUpdateSet({ openid_hash: openIdHash }))
        .execute()
    },

    /** Whether this conversation has a line to them, and whether the quota holds anything of it up. */
    async standing(conversationId: string, openIdHash: Buffer): Promise<{ isOpen: boolean; isHeldUp: boolean }> {
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
        .where('openid_hash', '=', openIdHash)
        .executeTakeFirst()
      return { isOpen: row !== undefined, isHeldUp: Boolean(row?.held_up) }
    },

    /** Locks it until the transaction ends: one tells at a time. */
    async lock(conversationId: string): Promise<Line | undefined> {
      const row = await tables
        .selectFrom('wechat_line')
        .innerJoin('wechat_user', 'wechat_user.openid_hash', 'wechat_line.openid_hash')
        .select(['wechat_line.openid_hash', 'wechat_user.road', 'told_seq'])
        .where('conversation_id', '=', conversationId)
        .forUpdate('wechat_line')
        .executeTakeFirst()
      return row && { openIdHash: row.openid_hash, road: row.road, toldSeq: row.told_seq }
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
      const values = claimed.map(({ fromSeq: from_seq, toSeq: to_seq, part, state, messageId = null }) => ({
        ...{ conversation_id: conversationId, from_seq, to_seq, part, state, message_id: messageId, at: now },
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
        // What the platform has told of it meanwhile stands.
        .where('state', 'in', ['sending', 'unknown'])
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
        .where('message_id', 'is', null)
        .where('at', '<', before)
        .execute()
    },

    /** Of unknown fate, and to be sent again under their numbers, in their order. Counts as one more try. */
    async unsure(before: Date, mostTries: number, limit: number): Promise<Unsure[]> {
      const wanted = tables
        .selectFrom('wechat_delivery')
        .select('id')
        .where('message_id', 'is not', null)
        .where('tries', '<', mostTries)
        .where((e) => e.or([e('state', '=', 'unknown'), e.and([e('state', '=', 'sending'), e('at', '<', before)])]))
        .orderBy('id')
        .limit(limit)
      const rows = await tables
        .updateTable('wechat_delivery')
        .set({ tries: sql<number>`tries + 1`, state: 'unknown' })
        .where('id', 'in', wanted)
        .returningAll()
        .execute()
      return rows
        .sort((one, other) => one.id - other.id)
        .flatMap(({ id, conversation_id: conversationId, message_id: messageId, ...row }): Unsure[] =>
          messageId === null
            ? []
            : [{ id, conversationId, messageId, fromSeq: row.from_seq, toSeq: row.to_seq, part: row.part }],
        )
    },

    async lineOf(conversationId: string): Promise<Line | undefined> {
      const row = await tables
        .selectFrom('wechat_line')
        .innerJoin('wechat_user', 'wechat_user.openid_hash', 'wechat_line.openid_hash')
        .select(['wechat_line.openid_hash', 'wechat_user.road', 'told_seq'])
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst()
      return row && { openIdHash: row.openid_hash, road: row.road, toldSeq: row.told_seq }
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
