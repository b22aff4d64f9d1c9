/** What the desk shows of a WeChat conversation, read in one go from the tables of this channel. Writes nothing. */
import type { Selectable } from 'kysely'
import type { Quota } from './quota.ts'
import type { Road } from './road.ts'
import type { Db, DeliveryState, WechatTables } from './tables.ts'

export type LineStanding = { openIdHash: Buffer; road: Road; follows: boolean; quota: Quota }
export type Reachable = { openIdHash: Buffer; openIdSealed: string; quota: Quota }
export type DeliveryPart = { fromSeq: number; toSeq: number; state: DeliveryState; code?: number }

const failed = ['delayed', 'blocked', 'refused', 'unknown'] as const
const mostShown = 100

export function standingStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    /** @returns nothing for a conversation that is none of WeChat's. */
    async line(conversationId: string): Promise<LineStanding | undefined> {
      const row = await tables
        .selectFrom('wechat_line')
        .innerJoin('wechat_user', 'wechat_user.openid_hash', 'wechat_line.openid_hash')
        .select([
          'wechat_user.openid_hash',
          'road',
          'follows',
          'message_at',
          'message_used',
          'moment_at',
          'moment_used',
        ])
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst()
      return (
        row && {
          openIdHash: row.openid_hash,
          road: row.road,
          follows: row.follows,
          quota: quotaOf(row),
        }
      )
    },

    /** Where this citizen talked with us last. */
    async conversationsOf(openIdHash: Buffer): Promise<string[]> {
      const rows = await tables
        .selectFrom('wechat_line')
        .select('conversation_id')
        .where('openid_hash', '=', openIdHash)
        .execute()
      return rows.map((row) => row.conversation_id)
    },

    /** Of these, who follows the official account and was heard of last. */
    async reachable(openIdHashes: readonly Buffer[]): Promise<Reachable | undefined> {
      if (openIdHashes.length === 0) return undefined
      const row = await tables
        .selectFrom('wechat_user')
        .selectAll()
        .where('openid_hash', 'in', openIdHashes)
        .where('follows', '=', true)
        .where('road', '=', 'oa')
        .orderBy('changed_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && { openIdHash: row.openid_hash, openIdSealed: row.openid_sealed, quota: quotaOf(row) }
    },

    /** All parts of whatever did not arrive as a whole, in their order. */
    async failed(conversationId: string): Promise<DeliveryPart[]> {
      const rows = await tables
        .selectFrom('wechat_delivery')
        .select(['from_seq', 'to_seq', 'state', 'code'])
        .where('conversation_id', '=', conversationId)
        .where('from_seq', 'in', (e) =>
          e
            .selectFrom('wechat_delivery')
            .select('from_seq')
            .where('conversation_id', '=', conversationId)
            .where('state', 'in', failed)
            .orderBy('id', 'desc')
            .limit(mostShown),
        )
        .orderBy('id')
        .execute()
      return rows.map(({ from_seq: fromSeq, to_seq: toSeq, state, code }) => ({
        ...{ fromSeq, toSeq, state },
        ...(code !== null && { code }),
      }))
    },
  }
}

type QuotaRow = Pick<
  Selectable<WechatTables['wechat_user']>,
  'message_at' | 'message_used' | 'moment_at' | 'moment_used'
>

const quotaOf = (row: QuotaRow): Quota => ({
  messageAt: row.message_at ?? undefined,
  messageUsed: row.message_used,
  momentAt: row.moment_at ?? undefined,
  momentUsed: row.moment_used,
})
