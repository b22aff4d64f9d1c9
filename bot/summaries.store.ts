/** 小结 in PostgreSQL: one of a part, and never another in its place. */
import type { Summary } from '../contract/summary.ts'
import type { BotTables, Db } from './tables.ts'

export type KeptSummary = Summary & { conversationId: string; staffId: string; afterSeq: number; writtenAt: Date }

export function summariesStore(db: Db) {
  const tables = db.withTables<BotTables>()
  return {
    async keep(
      part: { episodeId: string; conversationId: string; staffId: string; afterSeq: number },
      { text, tags, solved }: Summary,
      now: Date,
    ): Promise<void> {
      await tables
        .insertInto('summary')
        .values({
          episode_id: part.episodeId,
          conversation_id: part.conversationId,
          staff_id: part.staffId,
          after_seq: part.afterSeq,
          text,
          tags: [...new Set(tags)],
          solved,
          written_at: now,
        })
        .execute()
    },

    /** Of these conversations, in the order in which they were written. */
    async of(conversationIds: readonly string[]): Promise<KeptSummary[]> {
      if (conversationIds.length === 0) return []
      const rows = await tables
        .selectFrom('summary')
        .selectAll()
        .where('conversation_id', 'in', conversationIds)
        .orderBy('written_at')
        .orderBy('after_seq')
        .execute()
      return rows.map(({ text, tags, solved, ...row }) => ({
        ...{ text, tags, solved, conversationId: row.conversation_id, staffId: row.staff_id },
        ...{ afterSeq: row.after_seq, writtenAt: row.written_at },
      }))
    },
  }
}
