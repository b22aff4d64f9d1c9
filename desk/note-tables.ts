/** The tables of what agents work with beside a conversation, as their stores see them. */
import type { Generated } from 'kysely'
import type { DeskTables } from './tables.ts'

export type NoteTables = Pick<DeskTables, 'staff'> & {
  note: {
    id: Generated<string>
    conversation_id: string
    client_id: string
    staff_id: string
    after_seq: number
    text: string
    written_at: Date
  }
  note_mention: { note_id: string; staff_id: string; seen_at: Date | null }
  canned_reply: {
    id: Generated<string>
    owner_id: string | null
    name: string
    text: string
    changed_by: string
    changed_at: Date
  }
  summary_tag: {
    name: string
    place: Generated<number>
    is_used: Generated<boolean>
    changed_by: string | null
    changed_at: Date | null
  }
}
