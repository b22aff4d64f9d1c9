/** The tables that desk/ owns, as its stores see them. server/db/migrations is where they are made. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { AttachmentKind } from '../contract/attachment.ts'
import type { CallbackOrigin, CallbackResult } from '../contract/callback.ts'
import type { HolidayKind } from '../contract/holiday.ts'
import type { Level } from '../contract/rating.ts'
import type { CallEnd, CallEventKind } from '../contract/phone-events.ts'
import type { HandoverFlag, PresenceCause } from '../contract/queue.ts'
import type { DataFound, DataProof, DataRequestKind, RetentionKind } from '../contract/security.ts'
import type { PresenceState, Role } from '../contract/staff.ts'
import type { TransferState } from '../contract/transfer.ts'
import type { FileType } from './attachment.ts'
import type { CaseTables } from './case-tables.ts'

/** Any handle to the database, a pool or a transaction; each store sees its own tables of it. */
export type Db = Kysely<Record<never, never>>

type Json<T> = ColumnType<T, string, string>
type OnInsert<T> = ColumnType<T, T | undefined, T>

export type DeskTables = CaseTables & {
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
    set_up_at: OnInsert<Date | null>
    unconfirmed_by: OnInsert<string | null>
  }
  password_history: { staff_id: string; password_hash: string; set_at: Date }
  setup_link: { token_hash: Buffer; staff_id: string; expires_at: Date; used_at: Date | null }
  staff_session: {
    token_hash: Buffer
    staff_id: string
    csrf: string
    created_at: Date
    seen_at: Date
    expires_at: Date
  }
  staff_totp: {
    staff_id: string
    sealed: string
    /** bigint, which the driver hands out as a number. */
    last_step: OnInsert<number>
    created_at: Date
    confirmed_at: Date | null
  }
  recovery_code: { staff_id: string; code_hash: Buffer; used_at: Date | null }
  withdrawn_pass: { lookup_hash: Buffer; withdrawn_at: Date }
  data_request: {
    id: Generated<string>
    kind: DataRequestKind
    proof: DataProof
    who: string
    note: string | null
    staff_id: string | null
    asked_at: Date
    contacts: string[]
    state: 'waiting' | 'done'
    done_at: Date | null
    found: Json<Partial<DataFound>>
  }
  retention: { kind: RetentionKind; days: number; changed_at: Date; staff_id: string | null }
  presence: { staff_id: string; state: PresenceState; cause: OnInsert<PresenceCause>; since: Date; seen_at: Date }
  audit: {
    id: Generated<number>
    at: Date
    staff_id: string | null
    act: string
    subject: string
    detail: Json<Record<string, unknown>>
    previous: string
    hash: string
    address: OnInsert<string | null>
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
    flags: OnInsert<HandoverFlag[]>
    skill_id: OnInsert<string | null>
    region: OnInsert<string | null>
    last_agent_id: OnInsert<string | null>
    assigned: OnInsert<boolean>
    taken_up_at: OnInsert<Date | null>
    escalated: OnInsert<number>
    escalated_at: OnInsert<Date | null>
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
    state: OnInsert<'waiting' | 'done' | 'merged'>
    result: CallbackResult | null
    note: string | null
    done_by: string | null
    done_at: Date | null
    origin: OnInsert<CallbackOrigin>
    claimed_by: OnInsert<string | null>
    claimed_at: OnInsert<Date | null>
    asked_again_at: OnInsert<Date | null>
    phone_hash: OnInsert<Buffer | null>
    skill_id: OnInsert<string | null>
    priority: OnInsert<number>
    merged_into: OnInsert<string | null>
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
  attachment: {
    id: Generated<string>
    conversation_id: string
    client_id: string
    sent_by: 'customer' | 'agent'
    kind: AttachmentKind
    type: FileType
    name: string
    bytes: number
    width: number | null
    height: number | null
    content_sealed: Buffer
    small_sealed: Buffer | null
    kept_at: Date
  }
  holiday_year: { year: number; notice: string | null; entered_by: string | null; entered_at: Date | null }
  holiday: { day: string; kind: HolidayKind; name: string; year: number }
}

export type HandoverReason = 'asked' | 'bot_stuck' | 'urgent' | 'bot_failed' | 'agent_gone' | 'transfer'
