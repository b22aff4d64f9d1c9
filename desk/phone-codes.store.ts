/** Codes that were sent to prove a number, in PostgreSQL: number and code as keyed hashes. */
import type { ColumnType, Generated } from 'kysely'
import type { Db } from './tables.ts'
import type { SentCode, SentCodes } from './phone-code.ts'

type CodeTables = {
  phone_code: {
    id: Generated<string>
    conversation_id: string
    staff_id: string
    phone_hash: Buffer
    code_hash: Buffer
    sent_at: Date
    expires_at: Date
    tries: Generated<number>
    used_at: ColumnType<Date | null, undefined, Date>
  }
}
export type NewCode = {
  id: string
  conversationId: string
  staffId: string
  phoneHash: Buffer
  codeHash: Buffer
  expiresAt: Date
}

export function phoneCodesStore(db: Db) {
  const d = db.withTables<CodeTables>()
  return {
    async sent(conversationId: string, phoneHash: Buffer, since: Date): Promise<SentCodes> {
      const rows = await d
        .selectFrom('phone_code')
        .select(['conversation_id', 'phone_hash', 'sent_at'])
        .where('sent_at', '>=', since)
        .where((e) => e.or([e('conversation_id', '=', conversationId), e('phone_hash', '=', phoneHash)]))
        .execute()
      return {
        ofConversation: rows.flatMap((row) => (row.conversation_id === conversationId ? [row.sent_at] : [])),
        ofNumber: rows.flatMap((row) => (row.phone_hash.equals(phoneHash) ? [row.sent_at] : [])),
      }
    },

    async add({ id, conversationId, staffId, phoneHash, codeHash, expiresAt }: NewCode, now: Date): Promise<void> {
      const whose = { conversation_id: conversationId, staff_id: staffId, phone_hash: phoneHash }
      await d
        .insertInto('phone_code')
        .values({ id, ...whose, code_hash: codeHash, sent_at: now, expires_at: expiresAt })
        .execute()
    },

    /** The newest of this number here, held until the transaction ends. */
    async lockNewest(
      conversationId: string,
      phoneHash: Buffer,
    ): Promise<(SentCode & { id: string; codeHash: Buffer }) | undefined> {
      const row = await d
        .selectFrom('phone_code')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .where('phone_hash', '=', phoneHash)
        .orderBy('sent_at', 'desc')
        .limit(1)
        .forUpdate()
        .executeTakeFirst()
      if (!row) return undefined
      const { id, code_hash: codeHash, expires_at: expiresAt, tries, used_at: usedAt } = row
      return { id, codeHash, expiresAt, tries, isUsed: usedAt !== null }
    },

    async addTry(id: string, tries: number): Promise<void> {
      await d.updateTable('phone_code').set({ tries }).where('id', '=', id).execute()
    },
    async use(id: string, now: Date): Promise<void> {
      await d.updateTable('phone_code').set({ used_at: now }).where('id', '=', id).execute()
    },

    async forgetBefore(before: Date): Promise<void> {
      await d.deleteFrom('phone_code').where('sent_at', '<', before).execute()
    },
  }
}
