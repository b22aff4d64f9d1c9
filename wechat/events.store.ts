/** What the platform told us, each thing once; and what it was answered at once. */
import type { InboundKind } from './inbound.ts'
import type { Db, WechatTables } from './tables.ts'

type Told = { keyHash: Buffer; openIdHash: Buffer; kind: InboundKind; rawSealed: string; now: Date }

export function wechatEventsStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    /** @returns false where it had been told before. */
    async keep({
      keyHash: key_hash,
      openIdHash: openid_hash,
      kind,
      rawSealed: raw_sealed,
      now,
    }: Told): Promise<boolean> {
      const { numInsertedOrUpdatedRows } = await tables
        .insertInto('wechat_event')
        .values({ key_hash, openid_hash, kind, raw_sealed, received_at: now })
        .onConflict((on) => on.column('key_hash').doNothing())
        .executeTakeFirst()
      return numInsertedOrUpdatedRows === 1n
    },

    async done(keyHash: Buffer, replySealed: string | undefined, now: Date): Promise<void> {
      await tables
        .updateTable('wechat_event')
        .set({ done_at: now, reply_sealed: replySealed ?? null })
        .where('key_hash', '=', keyHash)
        .execute()
    },

    async find(keyHash: Buffer): Promise<{ isDone: boolean; replySealed?: string } | undefined> {
      const row = await tables
        .selectFrom('wechat_event')
        .select(['done_at', 'reply_sealed'])
        .where('key_hash', '=', keyHash)
        .executeTakeFirst()
      return row && { isDone: row.done_at !== null, replySealed: row.reply_sealed ?? undefined }
    },

    async lastAt(): Promise<Date | undefined> {
      const row = await tables
        .selectFrom('wechat_event')
        .select((e) => e.fn.max('received_at').as('at'))
        .executeTakeFirst()
      return row?.at ?? undefined
    },

    /** Told, and never seen to the end: a process died over it. */
    async leftOver(before: Date, limit: number): Promise<{ keyHash: Buffer; rawSealed: string }[]> {
      const rows = await tables
        .selectFrom('wechat_event')
        .select(['key_hash', 'raw_sealed'])
        .where('done_at', 'is', null)
        .where('received_at', '<', before)
        .orderBy('received_at')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ keyHash: row.key_hash, rawSealed: row.raw_sealed }))
    },
  }
}
