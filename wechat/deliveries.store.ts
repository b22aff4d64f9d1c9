/** What went out to whom: up to where a conversation has been told, and what became of each message. */
import { sql } from 'kysely'
import { seeing, type Seen } from './events.store.ts'
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
/** `afterSeq`: everything up to it had been told before. */
export type ToldOnTheSpot = {
  conversationId: string
  openIdHash: Buffer
  afterSeq: number
  fromSeq: number
  toSeq: number
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

    /**
     * Told on the spot, all in one message, and the event that it answers seen to its end: one statement.
     * @returns false, with nothing changed, where that is not all there is to tell, or it is told to somebody else.
     */
    async toldOnTheSpot(told: ToldOnTheSpot, seen: Seen): Promise<boolean> {
      const { conversationId, openIdHash, afterSeq, fromSeq, toSeq } = told
      const { rows } = await sql`
        with line as (
          update wechat_line set told_seq = ${toSeq}
          where conversation_id = ${conversationId} and openid_hash = ${openIdHash} and told_seq = ${afterSeq}
            and not exists (
              select from wechat_delivery where conversation_id = ${conversationId} and state = 'blocked'
            )
          returning conversation_id
        ), seen as (${seeing(seen, sql`and exists (select from line)`)})
        insert into wechat_delivery (conversation_id, from_seq, to_seq, part, state, at)
        select conversation_id, ${fromSeq}, ${toSeq}, 0, 'passive', ${seen.now}::timestamptz from line
        returning id`.execute(tables)
      return rows.length > 0
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
