/** What the answerer decided for each question, which revision was served, and whether it helped. */
import type { Answer } from '../contract/answer.ts'
import type { BotTables, Db } from './tables.ts'

export type ServedAnswersStore = ReturnType<typeof servedAnswersStore>

export function servedAnswersStore(db: Db) {
  const tables = db.withTables<BotTables>()
  return {
    async keep(served: {
      conversationId: string
      seq: number
      question: string
      answer: Answer
      now: Date
    }): Promise<void> {
      await tables
        .insertInto('served_answer')
        .values({
          conversation_id: served.conversationId,
          seq: served.seq,
          question: served.question,
          outcome: served.answer.outcome,
          revision_id: served.answer.outcome === 'answer' ? (served.answer.entry?.revision ?? null) : null,
          score: served.answer.score,
          solved: null,
          served_at: served.now,
        })
        .execute()
    },

    /** @returns false when nothing was served at that turn. */
    async judge(conversationId: string, seq: number, solved: boolean): Promise<boolean> {
      const { numUpdatedRows } = await tables
        .updateTable('served_answer')
        .set({ solved })
        .where('conversation_id', '=', conversationId)
        .where('seq', '=', seq)
        .where('outcome', '=', 'answer')
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
  }
}
