/** What of the messages has to be seen to, found by when it is due: never by looking through all that was ever sent. */
import { sql } from 'kysely'
import type { Road } from './road.ts'
import type { Db, DeliveryState, WechatTables } from './tables.ts'

export type Unsure = {
  id: number
  conversationId: string
  messageId: string
  fromSeq: number
  toSeq: number
  part: number
}

export function dueStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    /**
     * Claimed so long ago that whoever claimed it is gone: nobody knows whether it arrived, and without a number it is
     * never sent again. @returns in which conversations
     */
    async forsake(now: Date): Promise<string[]> {
      const rows = await tables
        .updateTable('wechat_delivery')
        .set({ state: 'unknown', at: now, due_at: null })
        .where('due_at', '<=', now)
        .where('state', '=', 'sending')
        .where('message_id', 'is', null)
        .returning('conversation_id')
        .execute()
      return [...new Set(rows.map((row) => row.conversation_id))]
    },

    /**
     * Of unknown fate, and to be sent again under their numbers, in their order. Counts as one more try; after the last
     * nothing is due any more.
     */
    async unsure(now: Date, next: Date, mostTries: number, limit: number): Promise<Unsure[]> {
      const wanted = tables
        .selectFrom('wechat_delivery')
        .select('id')
        .where('due_at', '<=', now)
        .where('message_id', 'is not', null)
        .where('state', 'in', ['sending', 'unknown'])
        .orderBy('due_at')
        .limit(limit)
        .forUpdate()
        .skipLocked()
      const rows = await tables
        .updateTable('wechat_delivery')
        .set({
          tries: sql<number>`tries + 1`,
          state: 'unknown',
          due_at: sql<Date | null>`case when tries + 1 < ${mostTries}::int then ${next}::timestamptz end`,
        })
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

    /** Conversations of which something was delayed, and is to be tried again by a road that is open. */
    async delayed(open: readonly Road[], now: Date, limit: number): Promise<string[]> {
      const rows = await tables
        .selectFrom('wechat_delivery')
        .innerJoin('wechat_line', 'wechat_line.conversation_id', 'wechat_delivery.conversation_id')
        .innerJoin('wechat_user', 'wechat_user.openid_hash', 'wechat_line.openid_hash')
        .select('wechat_delivery.conversation_id')
        .where('due_at', '<=', now)
        .where('state', '=', 'delayed')
        .where(sql<boolean>`road = any(${open})`)
        .orderBy('due_at')
        .limit(limit)
        .execute()
      return [...new Set(rows.map((row) => row.conversation_id))]
    },

    /** How many wait: for the citizen's next word, or to go again. */
    async waiting(): Promise<Record<'blocked' | 'delayed', number>> {
      const count = async (state: DeliveryState) => {
        const row = await tables
          .selectFrom('wechat_delivery')
          .select((e) => e.fn.countAll<number>().as('count'))
          .where('state', '=', sql.lit(state))
          .executeTakeFirst()
        return Number(row?.count ?? 0)
      }
      return { blocked: await count('blocked'), delayed: await count('delayed') }
    },

    /** How many by each road did not arrive since, or nobody knows. @param except codes that are the citizen's own doing */
    async failed(since: Date, except: readonly number[]): Promise<{ road: Road; count: number }[]> {
      const rows = await tables
        .selectFrom('wechat_delivery')
        .innerJoin('wechat_line', 'wechat_line.conversation_id', 'wechat_delivery.conversation_id')
        .innerJoin('wechat_user', 'wechat_user.openid_hash', 'wechat_line.openid_hash')
        .select((e) => ['road', e.fn.countAll<number>().as('count')])
        .where(sql<boolean>`state in ('refused', 'unknown')`)
        .where('at', '>=', since)
        .where((e) => e.or([e('code', 'is', null), e('code', 'not in', except)]))
        .groupBy('road')
        .execute()
      return rows.map(({ road, count }) => ({ road, count: Number(count) }))
    },
  }
}
