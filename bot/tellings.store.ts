/** 一次性告知: what was told to whom, and what proves it. A telling is kept with the turn that it was. */
import { sql } from 'kysely'
import type { Telling } from '../contract/telling.ts'
import type { Channel } from '../contract/turn.ts'
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
  /** Of the message that carries it, where the words of its turn do not. */
  letterKey?: string
  now: Date
}
export type KeptTelling = Omit<Telling, 'agentNumber'> & { staffId?: string }

export function tellingsStore(db: Db) {
  const tables = db.withTables<BotTables>()
  return {
    async keep({ conversationId, seq, entryId, revisionId, question, staffId, letterKey, now }: Told): Promise<void> {
      await tables
        .insertInto('telling')
        .columns(columns)
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
              sql<string | null>`${letterKey ?? null}::text`.as('letter_key'),
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

    /** The message that carried it was taken; the first time counts. */
    async deliveredBy(letterKey: string, at: Date): Promise<void> {
      await tables
        .updateTable('telling')
        .set({ delivered_at: sql<Date>`greatest(told_at, ${at}::timestamptz)` })
        .where('letter_key', '=', letterKey)
        .where('delivered_at', 'is', null)
        .execute()
    },
    /** The words of its turn were taken. */
    async delivered({ conversationId, seq }: { conversationId: string; seq: number }, at: Date): Promise<void> {
      await tables
        .updateTable('telling')
        .set({ delivered_at: sql<Date>`greatest(told_at, ${at}::timestamptz)` })
        .where('conversation_id', '=', conversationId)
        .where('seq', '=', seq)
        .where('delivered_at', 'is', null)
        .execute()
    },
    /** Told on that channel by the words of their turns, and not yet known to be delivered; the newest first. */
    async unproved(channel: Channel, since: Date, limit: number): Promise<{ conversationId: string; seq: number }[]> {
      return tables
        .selectFrom('telling')
        .innerJoin('conversation', 'conversation.id', 'telling.conversation_id')
        .select(['telling.conversation_id as conversationId', 'telling.seq'])
        .where('delivered_at', 'is', null)
        .where('letter_key', 'is', null)
        .where('told_at', '>=', since)
        .where('conversation.channel', '=', channel)
        .orderBy('told_at', 'desc')
        .limit(limit)
        .execute()
    },

    /** What these contacts, who are one person, were ever told, newest first. */
    async toContacts(contactIds: readonly string[], limit: number): Promise<KeptTelling[]> {
      const rows = await tables
        .selectFrom('telling')
        .selectAll()
        .select(sql<number>`row_number() over (partition by entry_id order by told_at, seq)`.as('time'))
        .where('contact_id', '=', sql<string>`any(${[...contactIds]}::uuid[])`)
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
        deliveredAt: row.delivered_at?.toISOString(),
        ...(row.letter_key !== null && { bySms: true as const }),
        time: Number(row.time),
      }))
    },
  }
}

const columns = [
  'conversation_id',
  'seq',
  'contact_id',
  'entry_id',
  'revision_id',
  'question',
  'staff_id',
  'told_at',
  'letter_key',
] as const
