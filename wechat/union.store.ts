/**
 * The platform's own word that ids of two roads are one account in WeChat (unionid). Asked once of each id; where it
 * gives none, they stay apart. Kept hashed: nothing is ever sent to a unionid.
 */
import type { Db, WechatTables } from './tables.ts'

export function unionStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    /** @returns nothing where it was never asked. */
    async asked(personHash: Buffer): Promise<{ unionHash?: Buffer } | undefined> {
      const row = await tables
        .selectFrom('wechat_union')
        .select('union_hash')
        .where('person_hash', '=', personHash)
        .executeTakeFirst()
      return row && (row.union_hash ? { unionHash: row.union_hash } : {})
    },

    async keep(personHash: Buffer, unionHash: Buffer | undefined, now: Date): Promise<void> {
      await tables
        .insertInto('wechat_union')
        .values({ person_hash: personHash, union_hash: unionHash ?? null, asked_at: now })
        .onConflict((on) => on.column('person_hash').doNothing())
        .execute()
    },

    /** Whoever else this account is, known the longest. */
    async kinOf(personHash: Buffer, unionHash: Buffer): Promise<Buffer | undefined> {
      const row = await tables
        .selectFrom('wechat_union')
        .select('person_hash')
        .where('union_hash', '=', unionHash)
        .where('person_hash', '!=', personHash)
        .orderBy('asked_at')
        .limit(1)
        .executeTakeFirst()
      return row?.person_hash
    },
  }
}
