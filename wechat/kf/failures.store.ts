/** Messages of the customer service that were taken, and did not arrive after all. */
import { sql } from 'kysely'
import type { Db, WechatTables } from '../tables.ts'

/** fail_type of msg_send_fail: the 48 hours are over, the session has ended, five were sent. */
const laterAgain: readonly number[] = [4, 5, 6]

export function kfFailures(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    /**
     * Kept with the platform's type of failure as its code. What could arrive later is told again with the citizen's next
     * word, unless something that was said after it has arrived, or what stands behind it in the same answer does not
     * wait with it: nothing is told out of its order, and no part twice.
     * @returns in which conversation
     */
    async note(messageId: string, failType: number, now: Date): Promise<string | undefined> {
      const isLater = laterAgain.includes(failType)
      const row = await tables
        .updateTable('wechat_delivery as failed')
        .set({
          code: failType,
          at: now,
          due_at: null,
          state: sql`case when ${isLater} and not exists (
            select from wechat_delivery as later
            where later.conversation_id = failed.conversation_id and later.id > failed.id
              and (later.state in ('sent', 'passive') or (later.from_seq = failed.from_seq and later.state <> 'blocked'))
          ) and not exists (
            select from wechat_delivery as before
            where before.conversation_id = failed.conversation_id and before.from_seq = failed.from_seq
              and before.part < failed.part and before.state = 'refused'
          ) then 'blocked' else 'refused' end`,
        })
        .where('message_id', '=', messageId)
        .returning('conversation_id')
        .executeTakeFirst()
      return row?.conversation_id
    },
  }
}
