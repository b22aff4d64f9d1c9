/** The tables that knowledge/ owns, as its stores see them. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { RevisionState, Wording } from '../contract/entry.ts'
import type { GapCause, GapState } from '../contract/gap.ts'
import type { PlanMove, PlanState } from '../contract/gate.ts'
import type { GoldenMissed } from '../contract/golden.ts'
import type { Insurance } from '../contract/text.ts'
import type { ChannelThresholds } from './decision.ts'

/** Any handle to the database, a pool or a transaction; each store sees its own tables of it. */
export type Db = Kysely<Record<never, never>>

export type KnowledgeTables = {
  entry: { id: string; pack: string | null; created_at: Date }
  revision: {
    id: Generated<string>
    entry_id: string
    number: number
    state: RevisionState
    origin: 'pack' | 'console'
    wording: ColumnType<Wording, string, never>
    question: string
    topic: string
    region: string | null
    insurance: Insurance | null
    valid_from: string
    valid_until: string | null
    author_id: string | null
    reviewer_id: string | null
    created_at: Date
    published_at: Date | null
  }
  knowledge_version: { only_row: Generated<boolean>; version: ColumnType<string, number, number>; changed_at: Date }
  topic_code: { code: string; entry_id: string; given_at: Date }
  knowledge_vector: { model: string; hash: string; vector: number[] }
  knowledge_thresholds: { base: string; thresholds: ColumnType<ChannelThresholds, string, never>; tried_at: Date }
  gap: {
    id: Generated<string>
    state: ColumnType<GapState, GapState | undefined, GapState>
    question: string
    owner_id: string | null
    due_on: string | null
    entry_id: string | null
    revision_number: number | null
    dismissed_reason: string | null
    opened_at: Date
    last_asked_at: Date
    moved_at: Date
  }
  gap_question: {
    conversation_id: string
    seq: number
    gap_id: string | null
    contact_id: string
    cause: GapCause
    question: string
    compared: string
    asked_at: Date
    told_at: Date | null
  }
  revision_plan: {
    id: Generated<string>
    revision_id: string
    move: PlanMove
    on_day: string
    state: ColumnType<PlanState, PlanState | undefined, PlanState>
    refusal: string | null
    planned_by: string
    planned_at: Date
    settled_at: Date | null
  }
  golden_run: {
    id: Generated<string>
    began_at: Date
    ended_at: Date
    cause: 'asked' | 'published'
    staff_id: string | null
    total: number
    correct: number
    offered: number
    withheld: number
    wrong: number
    kept_back_correct: number | null
    kept_back_offered: number | null
    kept_back_withheld: number | null
    kept_back_wrong: number | null
    missed: ColumnType<GoldenMissed[], string, never>
  }
  entry_pair_settled: {
    kind: 'alike' | 'contradiction'
    a: string
    b: string
    reason: string
    staff_id: string
    settled_at: Date
  }
  synonym: { id: Generated<string>; words: ColumnType<string[], string, string>; staff_id: string; changed_at: Date }
  gap_look: { only_row: Generated<boolean>; until: Date }
}
