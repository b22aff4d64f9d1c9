/** Conversations of WeChat in which something was said that nobody has told: read across what the bot and the channel keep. */
import { sql } from 'kysely'
import type { Road } from '../wechat/road.ts'
import type { Db } from './db/database.ts'

export function wechatLateStore(db: Db) {
  return {
    /** Whether any of their conversations is not closed. */
    async isOpen(openIdHash: Buffer): Promise<boolean> {
      const { rows } = await sql`
        select from wechat_line join conversation on conversation.id = wechat_line.conversation_id
        where wechat_line.openid_hash = ${openIdHash} and conversation.state <> 'closed' limit 1`.execute(db)
      return rows.length > 0
    },

    /** Last spoken in between `from` and `to`, by a road that is open; who waits longest comes first. */
    async untold(roads: readonly Road[], from: Date, to: Date, limit: number): Promise<string[]> {
      const { rows } = await sql<{ id: string }>`
        select conversation.id from conversation
        join wechat_line on wechat_line.conversation_id = conversation.id
        join wechat_user on wechat_user.openid_hash = wechat_line.openid_hash
        where conversation.channel = 'wechat' and conversation.last_turn_at >= ${from} and conversation.last_turn_at < ${to}
          and conversation.last_seq > wechat_line.told_seq and wechat_user.road = any(${roads})
        order by conversation.last_turn_at limit ${limit}`.execute(db)
      return rows.map(({ id }) => id)
    },
  }
}
