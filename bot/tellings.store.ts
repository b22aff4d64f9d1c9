/** 一次性告知: what was told to whom, and when it arrived. A telling is kept with the turn that it was. */
import { sql } from 'kysely'
import type { Telling } from '../contract/telling.ts'
import type { BotTables, Db } from './tables.ts'

export type TellingsStore = ReturnType<typeof tellingsStore>
/** `staffId` absent: the bot. */
type Told = {
  conversationId: string
  seq: number
  entryId: string
  revisionId: string
  question: string
  staffId?: string
  now: Date
}
export type KeptTelling = Omit<Telling, 'agentNumber'> & { staffId?: string }

export function tellingsStore(db: Db) {
  const tables = db.withTables<BotTables>()
  return {
    async keep({ conversationId, seq, entryId, revisionId, question, staffId, now }: Told): Promise<void> {
      await tables
        .insertInto('telling')
        .columns(['conversation_id', 'seq', 'contact_id', 'entry_id', 'revision_id', 'question', 'staff_id', 'told_at'])
        .expression((e) =>
          e
            .selectFrom('conversation')
            .where('id', '=', conversationId)
            .select([
              'id',
              sql.val(seq).as('seq'),
              'contact_id',
              sql.val(entryId).as('entry_id'),
              sql<string>`${revisionId}::uuid`.as('revision_id'),
              sql.val(question).as('question'),
              sql<string | null>`${staffId ?? null}::uuid`.as('staff_id'),
              sql.val(now).as('told_at'),
            ]),
        )
        .execute()
    },

    /** Everything up to `seq` was before the citizen's eyes; the first time counts. */
    async arrived(conversationId: string, seq: number, now: Date): Promise<void> {
      await tables
        .updateTable('telling')
        .set({ arrived_at: now })
        .where('conversation_id', '=', conversationId)
        .where('seq', '<=', seq)
        .where('arrived_at', 'is', null)
        .execute()
    },

    /** What the person of this conversation was ever told, newest first. */
    async toPersonOf(conversationId: string, limit: number): Promise<KeptTelling[]> {
      const rows = await tables
        .selectFrom('telling')
        .selectAll()
        .select(sql<number>`row_number() over (partition by entry_id order by told_at, seq)`.as('time'))
        .where('contact_id', '=', (e) =>
          e.selectFrom('conversation').select('contact_id').where('id', '=', conversationId),
        )
        .orderBy('told_at', 'desc')
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        conversationId: row.conversation_id,
        seq: row.seq,
        entryId: row.entry_id,
        question: row.question,
        staffId: row.staff_id ?? undefined,
        toldAt: row.told_at.toISOString(),
        arrivedAt: row.arrived_at?.toISOString(),
        time: Number(row.time),
      }))
    },
  }
}
