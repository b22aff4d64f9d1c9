/** The tables that bot/ owns, as its stores see them. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { Choice } from '../contract/answer.ts'
import type { Insurance } from '../contract/text.ts'
import type { Channel, ConversationState, Saying, Speaker } from '../contract/turn.ts'
import type { Context } from './context.ts'

/** Any handle to the database, a pool or a transaction; each store sees its own tables of it. */
export type Db = Kysely<Record<never, never>>

type Json<T> = ColumnType<T, string, string>
export type EpisodeEnd =
  | 'goodbye'
  | 'citizen'
  | 'silence'
  | 'handover'
  | 'agent'
  | 'agent_gone'
  | 'reported_back'
  | 'transfer'

export type BotTables = {
  contact: { id: Generated<string>; created_at: Date }
  identity: {
    id: Generated<string>
    contact_id: string
    kind: 'visitor' | 'phone' | 'openid'
    lookup_hash: Buffer
    sealed: string | null
    verified: Generated<boolean>
    created_at: Date
  }
  conversation: {
    id: Generated<string>
    contact_id: string
    channel: Channel
    state: ColumnType<ConversationState, ConversationState | undefined, ConversationState>
    agent_id: string | null
    first_asked_agent_id: string | null
    region: string | null
    insurance: Insurance | null
    misses: Generated<number>
    last_seq: Generated<number>
    read_seq: Generated<number>
    read_at: Date | null
    pending_choices: ColumnType<Choice[] | null, string | null, string | null>
    started_at: Date
    last_turn_at: Date
    closed_at: Date | null
  }
  turn: {
    conversation_id: string
    seq: number
    client_id: string | null
    speaker: Speaker
    staff_id: string | null
    text: string
    extras: Json<Omit<Saying, 'text'>>
    said_at: Date
  }
  episode: {
    id: Generated<string>
    conversation_id: string
    kind: 'bot' | 'agent' | 'case'
    staff_id: string | null
    started_at: Date
    ended_at: Date | null
    ended_by: EpisodeEnd | null
  }
  summary: {
    episode_id: string
    conversation_id: string
    staff_id: string
    after_seq: number
    text: string
    tags: string[]
    solved: boolean
    written_at: Date
  }
  still_there: { conversation_id: string; seq: number; asked_at: Date }
  dialog_state: { conversation_id: string; state: Json<Record<string, unknown>>; changed_at: Date }
  conversation_context: { conversation_id: string; context: Json<Context>; changed_at: Date }
  turn_heard: { conversation_id: string; seq: number; heard: string; heard_ms: number; of_ms: number; at: Date }
  telling: {
    conversation_id: string
    seq: number
    contact_id: string
    entry_id: string
    revision_id: string
    question: string
    staff_id: string | null
    told_at: Date
    arrived_at: Date | null
    delivered_at: Date | null
    letter_key: string | null
  }
  served_answer: {
    conversation_id: string
    seq: number
    question: string
    outcome: 'answer' | 'ask-back' | 'unknown'
    revision_id: string | null
    score: number
    solved: boolean | null
    served_at: Date
  }
}
