/**
 * What a citizen says: kept once, and read in the same statement whatever it is answered from. The conversation's row is
 * locked before, so that all of it is as the turn before has left it.
 */
import { sql } from 'kysely'
import type { KeptTurn } from '../contract/turn.ts'
import { newContext, type Context } from './context.ts'
import type { DialogState } from './dialogs/script.ts'
import { isAnyUntold } from './gap-letters.store.ts'
import type { BotTables, Db } from './tables.ts'
import { adding, asKept, type NewTurn } from './turns.store.ts'

export type Heard = {
  turn: KeptTurn
  /** The same client id twice is one turn, of the same number. */
  isNew: boolean
  /** Of the dialog that is open, if one is. */
  dialog?: DialogState
  context: Context
  /** Whether something that they once asked in vain has an answer by now. */
  isAnyAnswered: boolean
}

type Row = {
  seq: number
  is_new: boolean
  dialog: DialogState | null
  context: Context | null
  is_any_answered: boolean
}

/** @param endsOffer whether nothing can be picked any more of what was offered before */
export async function hear(db: Db, turn: NewTurn & { clientId: string }, endsOffer: boolean): Promise<Heard> {
  const { conversationId, clientId } = turn
  const set = endsOffer ? sql`, pending_choices = null` : sql``
  const { rows } = await sql<Row>`
    with before as (
      select seq from turn where conversation_id = ${conversationId} and client_id = ${clientId}
    ), ${adding(turn, { set, unless: sql`and not exists (select from before)` })}
    select heard.*,
      (select state from dialog_state where conversation_id = ${conversationId}) as dialog,
      (select context from conversation_context where conversation_id = ${conversationId}) as context,
      ${isAnyUntold(conversationId)} as is_any_answered
    from (select seq, false as is_new from before union all select seq, true from kept) heard`.execute(
    db.withTables<BotTables>(),
  )
  const [row] = rows
  if (!row) throw new Error(`no conversation ${conversationId}`)
  return {
    turn: asKept(turn, row.seq),
    isNew: row.is_new,
    ...(row.dialog && { dialog: row.dialog }),
    context: row.context ?? newContext,
    isAnyAnswered: row.is_any_answered,
  }
}
