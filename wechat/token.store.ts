/** The access token, shared by all nodes, sealed. */
import type { TokenShelf } from './access-token.ts'
import type { Db, WechatTables } from './tables.ts'

type Sealer = { seal(plain: string): string; open(sealed: string): string }

export function tokenShelf(db: Db, sealer: Sealer, appId: string): TokenShelf {
  const tables = db.withTables<WechatTables>()
  return {
    async read() {
      const row = await tables.selectFrom('wechat_token').selectAll().where('app_id', '=', appId).executeTakeFirst()
      return row && { token: sealer.open(row.token_sealed), expiresAt: row.expires_at }
    },
    async keep({ token, expiresAt }) {
      const row = { token_sealed: sealer.seal(token), expires_at: expiresAt }
      await tables
        .insertInto('wechat_token')
        .values({ app_id: appId, ...row })
        .onConflict((on) => on.column('app_id').doUpdateSet(row))
        .execute()
    },
  }
}
