/** What is told in answer to a question: the turn, and in the same statement everything that is kept of it. */
import { sql } from 'kysely'
import type { Answer, Choice } from '../contract/answer.ts'
import type { KeptTurn, Saying } from '../contract/turn.ts'
import type { Context } from './context.ts'
import type { BotTables, Db } from './tables.ts'
import { adding, asKept, type NewTurn } from './turns.store.ts'

export type Answered = {
  /** What was decided for which question, and which revision was served. */
  question: string
  found: Pick<Answer, 'outcome' | 'score' | 'entry'>
  /** Changed by it; absent: as before. */
  misses?: number
  pending?: readonly Choice[]
  context?: Context
  /** 一次性告知: the card that came with it. */
  telling?: NonNullable<Saying['answer']>
}

export async function keepAnswered(db: Db, turn: NewTurn, answered: Answered): Promise<KeptTurn> {
  const { question, found, misses, pending, context, telling } = answered
  const { conversationId, saidAt } = turn
  const counted = misses === undefined ? sql`` : sql`, misses = ${misses}`
  const offered = pending?.length ? JSON.stringify(pending) : null
  const set = pending ? sql`${counted}, pending_choices = ${offered}` : counted
  const revisionId = found.outcome === 'answer' ? (found.entry?.revision ?? null) : null
  const told = telling
    ? sql`, told as (
      insert into telling (conversation_id, seq, contact_id, entry_id, revision_id, question, told_at)
      select id, last_seq, contact_id, ${telling.entryId}, ${telling.revisionId}::uuid, ${telling.question}, ${saidAt}::timestamptz
      from numbered
    )`
    : sql``
  const about = context
    ? sql`, about as (
      insert into conversation_context (conversation_id, context, changed_at)
      select id, ${JSON.stringify(context)}::jsonb, ${saidAt}::timestamptz from numbered
      on conflict (conversation_id) do update set context = excluded.context, changed_at = excluded.changed_at
    )`
    : sql``
  const { rows } = await sql<{ seq: number }>`
    with ${adding(turn, { set })}, served as (
      insert into served_answer (conversation_id, seq, question, outcome, revision_id, score, served_at)
      select ${conversationId}::uuid, seq, ${question}, ${found.outcome}, ${revisionId}::uuid, ${found.score}::real,
        ${saidAt}::timestamptz
      from kept
    )${told}${about}
    select seq from kept`.execute(db.withTables<BotTables>())
  const [row] = rows
  if (!row) throw new Error(`no conversation ${conversationId}`)
  return asKept(turn, row.seq)
}
