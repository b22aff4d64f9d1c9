/** Citizens by each road of WeChat: how they are reached, and how often we may speak. */
import { sql, type RawBuilder, type Selectable } from 'kysely'
import type { Quota } from './quota.ts'
import type { Road } from './road.ts'
import type { Db, WechatTables } from './tables.ts'

export type WechatUser = {
  openIdHash: Buffer
  openIdSealed: string
  /** Of ours, as the platform calls it. */
  account: string
  road: Road
  follows: boolean
  quota: Quota
}
type Unspent = { messages: number; moments: number } & Pick<Quota, 'messageAt' | 'momentAt'>
/** `granted`: what they have just done lets us speak anew; what it does not name stays as it was. */
export type NotedUser = Omit<WechatUser, 'quota'> & { granted: Pick<Quota, 'messageAt' | 'momentAt'>; now: Date }

export function wechatUsersStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    /** What they have just done, where events.store.ts does not note it together with the event itself. */
    async note(user: NotedUser): Promise<void> {
      await noting(user, sql``).execute(tables)
    },

    async find(openIdHash: Buffer): Promise<WechatUser | undefined> {
      const row = await tables
        .selectFrom('wechat_user')
        .selectAll()
        .where('openid_hash', '=', openIdHash)
        .executeTakeFirst()
      return row && fromRow(row)
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

    async pay(openIdHash: Buffer, { messageAt, messageUsed, momentAt, momentUsed }: Quota, now: Date): Promise<void> {
      await tables
        .updateTable('wechat_user')
        .set({
          ...{ message_at: messageAt ?? null, message_used: messageUsed },
          ...{ moment_at: momentAt ?? null, moment_used: momentUsed, changed_at: now },
        })
        .where('openid_hash', '=', openIdHash)
        .execute()
    },

    /** What was paid for and not sent, unless the citizen has done something meanwhile that lets us speak anew. */
    async giveBack(openIdHash: Buffer, { messages, moments, messageAt, momentAt }: Unspent, now: Date): Promise<void> {
      const left = (used: 'message_used' | 'moment_used', at: 'message_at' | 'moment_at', paidAt: Date | undefined) =>
        sql<number>`case when ${sql.ref(at)} is not distinct from ${paidAt ?? null}::timestamptz
          then greatest(0, ${sql.ref(used)} - ${used === 'message_used' ? messages : moments}::int) else ${sql.ref(used)} end`
      await tables
        .updateTable('wechat_user')
        .set({
          message_used: left('message_used', 'message_at', messageAt),
          moment_used: left('moment_used', 'moment_at', momentAt),
          changed_at: now,
        })
        .where('openid_hash', '=', openIdHash)
        .execute()
    },
  }
}

/**
 * What is heard of late grants nothing that they did not have since.
 * @param from the rows for each of which the citizen is noted; nothing for once in any case
 */
export function noting(user: NotedUser, from: RawBuilder<unknown>): RawBuilder<unknown> {
  const { openIdHash, openIdSealed, account, road, follows, granted, now } = user
  const [messageAt, momentAt] = [granted.messageAt ?? null, granted.momentAt ?? null]
  return sql`
    insert into wechat_user as known
      (openid_hash, openid_sealed, account, road, follows, message_at, moment_at, changed_at)
    select ${openIdHash}::bytea, ${openIdSealed}::text, ${account}::text, ${road}::text, ${follows}::boolean,
      ${messageAt}::timestamptz, ${momentAt}::timestamptz, ${now}::timestamptz ${from}
    on conflict (openid_hash) do update set
      openid_sealed = excluded.openid_sealed, -- gone where they had themselves erased, and they are back
      account = excluded.account,
      follows = excluded.follows,
      message_at = greatest(excluded.message_at, known.message_at),
      message_used = case when excluded.message_at >= coalesce(known.message_at, '-infinity') then 0 else known.message_used end,
      moment_at = greatest(excluded.moment_at, known.moment_at),
      moment_used = case when excluded.moment_at >= coalesce(known.moment_at, '-infinity') then 0 else known.moment_used end,
      changed_at = excluded.changed_at`
}

function fromRow(row: Selectable<WechatTables['wechat_user']>): WechatUser {
  return {
    openIdHash: row.openid_hash,
    openIdSealed: row.openid_sealed,
    account: row.account,
    road: row.road,
    follows: row.follows,
    quota: {
      messageAt: row.message_at ?? undefined,
      messageUsed: row.message_used,
      momentAt: row.moment_at ?? undefined,
      momentUsed: row.moment_used,
    },
  }
}
