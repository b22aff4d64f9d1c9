/** Who has the platform's session with a citizen, as far as we were told. */
import type { Db, WechatTables } from '../tables.ts'
import type { Holder, KnownSession } from './session.ts'

export function kfSessionsStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    async find(openIdHash: Buffer): Promise<KnownSession | undefined> {
      const row = await tables
        .selectFrom('wechat_kf_session')
        .select(['holder', 'at'])
        .where('openid_hash', '=', openIdHash)
        .executeTakeFirst()
      return row
    },

    async set(openIdHash: Buffer, holder: Holder, at: Date): Promise<void> {
      await tables
        .insertInto('wechat_kf_session')
        .values({ openid_hash: openIdHash, holder, at })
        .onConflict((on) => on.column('openid_hash').doUpdateSet({ holder, at }))
        .execute()
    },
  }
}
