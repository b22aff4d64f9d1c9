/** The tables that desk/ owns, as its stores see them. server/db/migrations is where they are made. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { CaseKind, CaseState } from '../contract/case.ts'
import type { Level } from '../contract/rating.ts'
import type { CallEnd, CallEventKind } from '../contract/phone-events.ts'
import type { PresenceState, Role } from '../contract/staff.ts'
import type { TransferState } from '../contract/agent-events.ts'

/** Any handle to the database, a pool or a transaction; each store sees its own tables of it. */
export type Db = Kysely<Record<never, never>>

type Json<T> = ColumnType<T, string, string>
type OnInsert<T> = ColumnType<T, T | undefined, T>

export type DeskTables = {
  staff: {
    id: Generated<string>
    name: string
    display_name: string
    work_number: string
    password_hash: string | null
    roles: Role[]
    failed_tries: Generated<number>
    locked_until: Date | null
    created_at: Date
    disabled_at: Date | null
    extension: string | null
  }
  setup_link: { token_hash: Buffer; staff_id: string; expires_at: Date; used_at: Date | null }
  staff_session: {
    token_hash: Buffer
    staff_id: string
    csrf: string
    created_at: Date
    seen_at: Date
    expires_at: Date
  }
  presence: { staff_id: string; state: PresenceState; since: Date; seen_at: Date }
  audit: {
    id: Generated<number>
    at: Date
    staff_id: string | null
    act: string
    subject: string
    detail: Json<Record<string, unknown>>
    previous: string
    hash: string
  }
  handover: {
    id: Generated<string>
    conversation_id: string
    reason: HandoverReason
    note: string | null
    priority: number
    asked_at: Date
    claimed_by: string | null
    claimed_at: Date | null
    left_at: Date | null
  }
  transfer: {
    id: Generated<string>
    conversation_id: string
    from_staff_id: string
    to_staff_id: string | null
    reason: string
    asked_at: Date
    state: TransferState
    settled_at: Date | null
    note: string | null
  }
  callback: {
    id: Generated<string>
    conversation_id: string
    phone_sealed: string
    phone_masked: string
    asked_at: Date
    due_at: Date
    state: OnInsert<'waiting' | 'done'>
    result: 'reached' | 'not_reached' | null
    note: string | null
    done_by: string | null
    done_at: Date | null
  }
  rating: {
    id: Generated<string>
    episode_id: string
    conversation_id: string
    asked_at: Date
    closes_at: Date
    level: Level | null
    reasons: OnInsert<string[]>
    reasons_version: number | null
    words: string | null
    given_at: Date | null
    excluded: OnInsert<boolean>
  }
  case_file: {
    id: Generated<string>
    number: string
    kind: CaseKind
    state: CaseState
    conversation_id: string
    rating_id: string | null
    owner_id: string
    text: string
    contact_sealed: string | null
    contact_masked: string | null
    city: string | null
    opened_at: Date
    first_contact_due_on: string
    due_on: string
    provisional: boolean
    reopened: OnInsert<number>
    episode_id: string | null
    closed_at: Date | null
  }
  case_event: {
    case_id: string
    seq: number
    at: Date
    staff_id: string | null
    by_whom: 'officer' | 'citizen' | 'system'
    kind: 'opened' | 'moved' | 'reopened' | 're-rated'
    from_state: CaseState | null
    to_state: CaseState
    note: string
    data: Json<CaseEventData>
  }
  call: {
    id: Generated<string>
    node: string
    sip_call_id: string
    line: string
    conversation_id: string | null
    offered_at: Date
    picked_up_at: Date | null
    person_asked_at: Date | null
    person_at: Date | null
    ended_at: Date | null
    ended_by: CallEnd | null
  }
  call_event: { call_id: string; seq: number; at: Date; kind: CallEventKind; detail: string | null }
  left_question: { callback_id: string; sealed: string; left_at: Date }
  case_rule: { city: string; kind: CaseKind; first_contact_days: number; due_days: number }
  holiday_year: { year: number }
  holiday: { day: string; kind: 'off' | 'worked'; name: string; year: number }
}

export type HandoverReason = 'asked' | 'bot_stuck' | 'urgent' | 'bot_failed' | 'agent_gone' | 'transfer'
export type CaseEventData = { remedy?: string; evidence?: string; followUp?: string; level?: Level; dueOn?: string }
