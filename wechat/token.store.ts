/** The access token, shared by all nodes, sealed. */
import { sql } from 'kysely'
import type { Shelf, TokenShelf } from './access-token.ts'
import type { Db, WechatTables } from './tables.ts'

type Sealer = { seal(plain: string): string; open(sealed: string): string }

/** Any number that no other use of advisory locks in this database takes. */
const tokenLock = 7_201_022

export function tokenShelf(db: Db, sealer: Sealer, appId: string): TokenShelf {
  return {
    alone: (work) =>
      db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(${tokenLock}, hashtext(${appId}))`.execute(tx)
        return work(shelfIn(tx, sealer, appId))
      }),
  }
}

function shelfIn(tx: Db, sealer: Sealer, appId: string): Shelf {
  const tables = tx.withTables<WechatTables>()
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
