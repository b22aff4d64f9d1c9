/** Who agreed to which subscription notice (订阅通知), and how often they may still be sent one. */
import { sql } from 'kysely'
import type { Consent } from './notice.ts'
import type { Db, WechatTables } from './tables.ts'

export function consentsStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    async find(openIdHash: Buffer, templateId: string): Promise<Consent | undefined> {
      const row = await tables
        .selectFrom('wechat_consent')
        .selectAll()
        .where('openid_hash', '=', openIdHash)
        .where('template_id', '=', templateId)
        .executeTakeFirst()
      return row && { accepted: row.accepted, used: row.used, refusedAt: row.refused_at ?? undefined }
    },

    /** Once more, or not any more. */
    async said(openIdHash: Buffer, templateId: string, agrees: boolean, now: Date): Promise<void> {
      const row = { refused_at: agrees ? null : now, changed_at: now }
      const more = agrees ? 1 : 0
      await tables
        .insertInto('wechat_consent')
        .values({ openid_hash: openIdHash, template_id: templateId, accepted: more, ...row })
        .onConflict((on) =>
          on.columns(['openid_hash', 'template_id']).doUpdateSet({
            ...row,
            accepted: sql<number>`wechat_consent.accepted + ${more}`,
          }),
        )
        .execute()
    },

    /** One is sent, or (-1) was not after all. */
    async use(openIdHash: Buffer, templateId: string, count: 1 | -1, now: Date): Promise<void> {
      await tables
        .updateTable('wechat_consent')
        .set({ used: sql<number>`greatest(0, used + ${count})`, changed_at: now })
        .where('openid_hash', '=', openIdHash)
        .where('template_id', '=', templateId)
        .execute()
    },
  }
}
