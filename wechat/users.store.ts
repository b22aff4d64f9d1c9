/** Citizens who follow the account: how they are reached, and how often we may speak. */
import type { Selectable } from 'kysely'
import type { Quota } from './quota.ts'
import type { Db, WechatTables } from './tables.ts'

export type WechatUser = { openIdHash: Buffer; openIdSealed: string; account: string; follows: boolean; quota: Quota }

export function wechatUsersStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    /** Locks the row until the transaction ends. */
    async known(who: { openIdHash: Buffer; openIdSealed: string; account: string; now: Date }): Promise<WechatUser> {
      const { openIdHash: openid_hash, openIdSealed: openid_sealed, account, now } = who
      const row = await tables
        .insertInto('wechat_user')
        .values({ openid_hash, openid_sealed, account, changed_at: now })
        .onConflict((on) => on.column('openid_hash').doUpdateSet({ account, changed_at: now }))
        .returningAll()
        .executeTakeFirstOrThrow()
      return fromRow(row)
    },

    async lock(openIdHash: Buffer): Promise<WechatUser | undefined> {
      const row = await tables
        .selectFrom('wechat_user')
        .selectAll()
        .where('openid_hash', '=', openIdHash)
        .forUpdate()
        .executeTakeFirst()
      return row && fromRow(row)
    },

    async change(openIdHash: Buffer, { quota, follows }: { quota?: Quota; follows?: boolean }, now: Date) {
      await tables
        .updateTable('wechat_user')
        .set({
          changed_at: now,
          ...(follows !== undefined && { follows }),
          ...(quota && {
            message_at: quota.messageAt ?? null,
            message_used: quota.messageUsed,
            moment_at: quota.momentAt ?? null,
            moment_used: quota.momentUsed,
          }),
        })
        .where('openid_hash', '=', openIdHash)
        .execute()
    },
  }
}

function fromRow(row: Selectable<WechatTables['wechat_user']>): WechatUser {
  return {
    openIdHash: row.openid_hash,
    openIdSealed: row.openid_sealed,
    account: row.account,
    follows: row.follows,
    quota: {
      messageAt: row.message_at ?? undefined,
      messageUsed: row.message_used,
      momentAt: row.moment_at ?? undefined,
      momentUsed: row.moment_used,
    },
  }
}
