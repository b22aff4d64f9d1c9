/** The tables that knowledge/ owns, as its stores see them. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { RevisionState, Wording } from '../contract/entry.ts'
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
  knowledge_thresholds: { base: string; thresholds: ColumnType<ChannelThresholds, string, never>; tried_at: Date }
}
