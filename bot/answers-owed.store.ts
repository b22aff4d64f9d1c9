/** Chats in agents' hands, with what was said last on either side, in PostgreSQL: what answer-owed.ts judges. */
import { sql } from 'kysely'
import type { Held } from './answer-owed.ts'
import type { BotTables, Db } from './tables.ts'

type Row = {
  id: string
  agent_id: string
  work_number: string | null
  asked_at: Date | null
  last_speaker: 'agent' | 'bot' | null
  last_text: string
  last_seq: number
  last_at: Date
  texts: string[] | null
  seqs: number[]
  ats: Date[]
  still_seq: number | null
  still_at: Date
}

/** Beyond so many words since the last answer there is one that waits. */
const wordsRead = 20

export function answersOwedStore(db: Db) {
  return {
    /** Calls are left out: whoever is talked with is answered. @param conversationId that one alone. */
    async held(conversationId?: string): Promise<Held[]> {
      const { rows } = await sql<Row>`
        select c.id, c.agent_id, s.work_number, h.asked_at,
          l.speaker as last_speaker, l.text as last_text, l.seq as last_seq, l.said_at as last_at,
          w.texts, w.seqs, w.ats, q.seq as still_seq, q.asked_at as still_at
        from conversation c
        left join staff s on s.id = c.agent_id
        left join still_there q on q.conversation_id = c.id
        -- Who lost their agent asked no second time: what they wait for is in their words.
        left join lateral (select asked_at from handover where conversation_id = c.id and left_at is null
          and reason <> 'agent_gone' order by asked_at desc limit 1) h on true
        left join lateral (select speaker, text, seq, said_at from turn where conversation_id = c.id
          and speaker in ('agent', 'bot') order by seq desc limit 1) l on true
        left join lateral (select array_agg(text order by seq) as texts, array_agg(seq order by seq) as seqs,
          array_agg(said_at order by seq) as ats
          from (select text, seq, said_at from turn where conversation_id = c.id and speaker = 'customer'
            and seq > coalesce(l.seq, 0) order by seq limit ${wordsRead}) t) w on true
        where c.state = 'agent' and c.agent_id is not null and c.channel <> 'phone'
          ${conversationId === undefined ? sql`` : sql`and c.id = ${conversationId}`}`.execute(db)
      return rows.map(fromRow)
    },

    /** They were asked whether they are still there, by that turn. */
    async keepStillThere(conversationId: string, seq: number, now: Date): Promise<void> {
      const asked = { seq, asked_at: now }
      await db
        .withTables<BotTables>()
        .insertInto('still_there')
        .values({ conversation_id: conversationId, ...asked })
        .onConflict((known) => known.column('conversation_id').doUpdateSet(asked))
        .execute()
    },
  }
}

function fromRow(row: Row): Held {
  const { texts, seqs, ats } = row
  return {
    conversationId: row.id,
    agentId: row.agent_id,
    ...(row.work_number && { agentNumber: row.work_number }),
    ...(row.asked_at && { askedAt: row.asked_at }),
    ...(row.last_speaker && {
      last: { speaker: row.last_speaker, text: row.last_text, seq: row.last_seq, at: row.last_at },
    }),
    said: (texts ?? []).flatMap((text, i) => {
      const [seq, at] = [seqs[i], ats[i]]
      return seq !== undefined && at ? [{ text, seq, at }] : []
    }),
    ...(row.still_seq !== null && { stillThere: { seq: row.still_seq, at: row.still_at } }),
  }
}
