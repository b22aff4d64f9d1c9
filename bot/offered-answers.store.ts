/** What became of approved text that an agent was offered, in PostgreSQL. */
import type { DeskSideTables, OfferedBy } from './desk-tables.ts'
import type { Db } from './tables.ts'

export type Offered = { conversationId: string; askedSeq: number; revisionId: string; staffId: string }

export function offeredAnswersStore(db: Db) {
  const tables = db.withTables<DeskSideTables>()
  const row = ({ conversationId, askedSeq, revisionId, staffId }: Offered) => ({
    conversation_id: conversationId,
    asked_seq: askedSeq,
    revision_id: revisionId,
    staff_id: staffId,
  })

  return {
    /** It was said: word for word, or in the agent's own version of it. */
    async said(offered: Offered & { by: OfferedBy; saidSeq: number; wordForWord: boolean }, at: Date): Promise<void> {
      const { by, saidSeq, wordForWord } = offered
      const fate = wordForWord ? ('accepted' as const) : ('edited' as const)
      await tables
        .insertInto('offered_answer')
        .values({ ...row(offered), offered_by: by, fate, said_seq: saidSeq, reason: null, at })
        .execute()
    },

    /** Put away; a second time changes nothing. */
    async rejected(offered: Offered & { reason?: string }, at: Date): Promise<void> {
      await tables
        .insertInto('offered_answer')
        .values({
          ...row(offered),
          offered_by: 'bot',
          fate: 'rejected',
          said_seq: null,
          reason: offered.reason ?? null,
          at,
        })
        .onConflict((known) => known.doNothing())
        .execute()
    },

    async isRejected({ conversationId, askedSeq, revisionId }: Omit<Offered, 'staffId'>): Promise<boolean> {
      const found = await tables
        .selectFrom('offered_answer')
        .select('id')
        .where('conversation_id', '=', conversationId)
        .where('asked_seq', '=', askedSeq)
        .where('revision_id', '=', revisionId)
        .where('fate', '=', 'rejected')
        .executeTakeFirst()
      return found !== undefined
    },
  }
}
