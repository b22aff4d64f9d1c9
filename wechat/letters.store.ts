/** Messages that no turn stands behind, each once under its key: what went which way, and what became of it. */
import type { Db, LetterState, LetterWay, WechatTables } from './tables.ts'

export type KeptLetter = { way: LetterWay; state: LetterState; code?: number; at: Date }
type NewLetter = { key: string; openIdHash: Buffer; conversationId?: string; way: LetterWay }

export function lettersStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  const columns = ['way', 'state', 'code', 'at'] as const
  return {
    async find(key: string): Promise<KeptLetter | undefined> {
      const row = await tables.selectFrom('wechat_letter').select(columns).where('key', '=', key).executeTakeFirst()
      return row && { ...row, code: row.code ?? undefined }
    },

    /** One that was refused may be claimed anew. */
    async claim({ key, openIdHash, conversationId, way }: NewLetter, now: Date): Promise<void> {
      const row = { way, state: 'sending', code: null, at: now } as const
      await tables
        .insertInto('wechat_letter')
        .values({ key, openid_hash: openIdHash, conversation_id: conversationId ?? null, ...row })
        .onConflict((on) => on.column('key').doUpdateSet(row))
        .execute()
    },

    /** @returns false where the platform has told meanwhile that it did not arrive. */
    async settle(key: string, state: LetterState, code: number | undefined, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await tables
        .updateTable('wechat_letter')
        .set({ state, code: code ?? null, at: now })
        .where('key', '=', key)
        .where('state', '=', 'sending')
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /**
     * The newest notice to this citizen was taken, and did not arrive. The platform names no number of ours.
     * @returns which it was; nothing where there is none that could have
     */
    async notArrived(
      openIdHash: Buffer,
      code: number,
      since: Date,
    ): Promise<{ key: string; conversationId?: string } | undefined> {
      const newest = tables
        .selectFrom('wechat_letter')
        .select('key')
        .where('openid_hash', '=', openIdHash)
        .where('way', '=', 'notice')
        .where('at', '>=', since)
        .orderBy('at', 'desc')
        .limit(1)
      const row = await tables
        .updateTable('wechat_letter')
        .set({ state: 'refused', code })
        .where('key', 'in', newest)
        .where('state', 'in', ['sending', 'sent'])
        .returning(['key', 'conversation_id'])
        .executeTakeFirst()
      return row && { key: row.key, ...(row.conversation_id && { conversationId: row.conversation_id }) }
    },

    /** The newest notice to anybody. */
    async lastNotice(): Promise<KeptLetter | undefined> {
      const row = await tables
        .selectFrom('wechat_letter')
        .select(columns)
        .where('way', '=', 'notice')
        .orderBy('at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && { ...row, code: row.code ?? undefined }
    },
  }
}
