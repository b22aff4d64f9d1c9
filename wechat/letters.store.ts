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

    async settle(key: string, state: LetterState, code: number | undefined, now: Date): Promise<void> {
      await tables
        .updateTable('wechat_letter')
        .set({ state, code: code ?? null, at: now })
        .where('key', '=', key)
        .execute()
    },
  }
}
