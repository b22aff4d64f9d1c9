/** Codes by which somebody goes on in WeChat: made once, scanned once, answered once. What a code says is kept hashed. */
import type { Db, WechatTables } from './tables.ts'

export type Join = { tokenHash: Buffer; contactId: string }
type NewJoin = Join & { madeAt: Date; expiresAt: Date }

export function joinsStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  const join = ({
    token_hash: tokenHash,
    contact_id: contactId,
  }: {
    token_hash: Buffer
    contact_id: string
  }): Join => ({
    tokenHash,
    contactId,
  })
  return {
    async make({ tokenHash, contactId, madeAt, expiresAt }: NewJoin): Promise<void> {
      await tables
        .insertInto('wechat_join')
        .values({
          ...{ token_hash: tokenHash, contact_id: contactId, made_at: madeAt, expires_at: expiresAt },
          ...{ openid_hash: null, scanned_at: null, answer: null, answered_at: null },
        })
        .execute()
    },

    async openUntil(tokenHash: Buffer, now: Date): Promise<Date | undefined> {
      const row = await tables
        .selectFrom('wechat_join')
        .select('expires_at')
        .where('token_hash', '=', tokenHash)
        .where('openid_hash', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return row?.expires_at
    },

    /** @returns nothing for a code that is over, was scanned before, or is nobody's. */
    async scan(tokenHash: Buffer, openIdHash: Buffer, now: Date): Promise<Join | undefined> {
      const row = await tables
        .updateTable('wechat_join')
        .set({ openid_hash: openIdHash, scanned_at: now })
        .where('token_hash', '=', tokenHash)
        .where('openid_hash', 'is', null)
        .where('expires_at', '>', now)
        .returning(['token_hash', 'contact_id'])
        .executeTakeFirst()
      return row && join(row)
    },

    /** What this citizen was asked last, and has not answered. */
    async asked(openIdHash: Buffer, since: Date): Promise<Join | undefined> {
      const row = await tables
        .selectFrom('wechat_join')
        .select(['token_hash', 'contact_id'])
        .where('openid_hash', '=', openIdHash)
        .where('scanned_at', '>', since)
        .where('answer', 'is', null)
        .orderBy('scanned_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && join(row)
    },

    /** @returns false where it was answered before. */
    async answer(tokenHash: Buffer, answer: 'agreed' | 'declined', now: Date): Promise<boolean> {
      const { numUpdatedRows } = await tables
        .updateTable('wechat_join')
        .set({ answer, answered_at: now })
        .where('token_hash', '=', tokenHash)
        .where('answer', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
  }
}
