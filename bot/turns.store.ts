/** Turns: append-only, numbered 1, 2, 3 … within a conversation, each client id once. */
import type { Selectable } from 'kysely'
import { sql, type RawBuilder } from 'kysely'
import type { KeptTurn, Saying, Speaker } from '../contract/turn.ts'
import type { BotTables, Db } from './tables.ts'

export type TurnsStore = ReturnType<typeof turnsStore>

export type NewTurn = {
  conversationId: string
  speaker: Speaker
  saying: Saying
  clientId?: string
  staffId?: string
  agentNumber?: string
  saidAt: Date
  /** When it is worked on; absent: when it was said. Turns of one moment leave the conversation's indexes as they are. */
  keptAt?: Date
}

export function turnsStore(db: Db) {
  const tables = db.withTables<BotTables>()
  return {
    /** The number comes from the conversation's row, which the transaction has locked: no gaps, no two alike. */
    async append(turn: NewTurn): Promise<KeptTurn> {
      const { rows } = await sql<{ seq: number }>`with ${adding(turn)} select seq from kept`.execute(tables)
      const [row] = rows
      if (!row) throw new Error(`no conversation ${turn.conversationId}`)
      return asKept(turn, row.seq)
    },

    async byClientId(conversationId: string, clientId: string): Promise<KeptTurn | undefined> {
      const row = await tables
        .selectFrom('turn')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .where('client_id', '=', clientId)
        .executeTakeFirst()
      return row && fromRow(row)
    },

    /** What a client that has shown everything up to `seq` still lacks, oldest first. */
    async since(conversationId: string, seq: number, limit = 1_000): Promise<KeptTurn[]> {
      const rows = await tables
        .selectFrom('turn')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map(fromRow)
    },

    /** The last `limit` turns before `seq`, or of all when it is not given, oldest first. */
    async newest(conversationId: string, limit: number, before?: number): Promise<KeptTurn[]> {
      let wanted = tables.selectFrom('turn').selectAll().where('conversation_id', '=', conversationId)
      if (before !== undefined) wanted = wanted.where('seq', '<', before)
      const rows = await wanted.orderBy('seq', 'desc').limit(limit).execute()
      return rows.map(fromRow).reverse()
    },

    /** What the citizen said, in the last `limit` turns of theirs up to that one, oldest first. */
    async customersUpTo(conversationId: string, seq: number, limit: number): Promise<string[]> {
      const rows = await tables
        .selectFrom('turn')
        .select('text')
        .where('conversation_id', '=', conversationId)
        .where('speaker', '=', 'customer')
        .where('seq', '<=', seq)
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row) => row.text).reverse()
    },

    async bySeq(conversationId: string, seq: number): Promise<KeptTurn | undefined> {
      const row = await tables
        .selectFrom('turn')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .where('seq', '=', seq)
        .executeTakeFirst()
      return row && fromRow(row)
    },

    /** The turn in which a rating was asked for. */
    async askingFor(conversationId: string, ratingId: string): Promise<KeptTurn | undefined> {
      const row = await tables
        .selectFrom('turn')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .where(sql<string>`extras -> 'rating' ->> 'ratingId'`, '=', ratingId)
        .executeTakeFirst()
      return row && fromRow(row)
    },

    async lastBy(conversationId: string, speaker: Speaker): Promise<KeptTurn | undefined> {
      const row = await tables
        .selectFrom('turn')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .where('speaker', '=', speaker)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && fromRow(row)
    },

    /** The last turn of each conversation, for lists. */
    async lastOfEach(conversationIds: readonly string[]): Promise<Map<string, KeptTurn>> {
      if (conversationIds.length === 0) return new Map()
      const rows = await tables
        .selectFrom('turn')
        .innerJoin('conversation', (on) =>
          on.onRef('conversation.id', '=', 'turn.conversation_id').onRef('conversation.last_seq', '=', 'turn.seq'),
        )
        .selectAll('turn')
        .where('turn.conversation_id', 'in', conversationIds)
        .execute()
      return new Map(rows.map((row) => [row.conversation_id, fromRow(row)]))
    },

    /** What a caller heard of a turn; the first telling counts. */
    async noteHeard(
      heard: { conversationId: string; seq: number; heard: string; heardMs: number; ofMs: number },
      at: Date,
    ): Promise<void> {
      const { conversationId: conversation_id, seq, heardMs: heard_ms, ofMs: of_ms } = heard
      await tables
        .insertInto('turn_heard')
        .values({ conversation_id, seq, heard: heard.heard, heard_ms, of_ms, at })
        .onConflict((known) => known.columns(['conversation_id', 'seq']).doNothing())
        .execute()
    },

    /** The number of the newest words of the citizen or of a colleague of this agent's; 0 when there are none. */
    async lastOfOthers(conversationId: string, staffId: string): Promise<number> {
      const row = await tables
        .selectFrom('turn')
        .select((e) => e.fn.max('seq').as('seq'))
        .where('conversation_id', '=', conversationId)
        .where((e) => e.or([e('speaker', '=', 'customer'), e('staff_id', '!=', staffId)]))
        .executeTakeFirst()
      return row?.seq ?? 0
    },
  }
}

type TurnRow = Selectable<BotTables['turn']>

/**
 * Numbers and keeps a turn, as two parts of one statement: `numbered`, the conversation's row, and `kept`, the turn's
 * number.
 * @param set what else changes in the conversation's row
 * @param unless further words about that row
 */
export function adding(turn: NewTurn, { set = sql``, unless = sql`` } = {}): RawBuilder<unknown> {
  const { text, ...extras } = turn.saying
  const kept = JSON.stringify({ ...extras, agentNumber: turn.agentNumber })
  return sql`numbered as (
      update conversation set last_seq = last_seq + 1, last_turn_at = ${turn.keptAt ?? turn.saidAt} ${set}
      where id = ${turn.conversationId} ${unless}
      returning id, last_seq, contact_id
    ), kept as (
      insert into turn (conversation_id, seq, client_id, speaker, staff_id, text, extras, said_at)
      select id, last_seq, ${turn.clientId ?? null}::text, ${turn.speaker}::text, ${turn.staffId ?? null}::uuid,
        ${text}::text, ${kept}::jsonb, ${turn.saidAt}::timestamptz
      from numbered
      returning seq
    )`
}

/** As it would be read again. */
export function asKept(turn: NewTurn, seq: number): KeptTurn {
  const { conversationId, saying, clientId, speaker, agentNumber, saidAt } = turn
  return { ...saying, agentNumber, conversationId, seq, clientId, speaker, saidAt: saidAt.toISOString() }
}

function fromRow(row: TurnRow): KeptTurn {
  return {
    ...row.extras,
    text: row.text,
    conversationId: row.conversation_id,
    seq: row.seq,
    clientId: row.client_id ?? undefined,
    speaker: row.speaker,
    saidAt: row.said_at.toISOString(),
  }
}
