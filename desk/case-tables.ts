/** The tables of cases, of the rules that they run by, and of the work orders that they came with, as their stores see them. */
import type { ColumnType, Generated } from 'kysely'
import type { AppealGround, CaseKind, CaseRung, CaseSource, CaseState, FollowUpResult } from '../contract/case.ts'
import type { CountedIn } from '../contract/case-rule.ts'
import type { Level } from '../contract/rating.ts'
import type { WorkOrderChangeKind, WorkOrderType } from '../contract/work-order.ts'

type OnInsert<T> = ColumnType<T, T | undefined, T>

export type CaseTables = {
  case_file: {
    id: Generated<string>
    number: string
    kind: CaseKind
    state: CaseState
    source: OnInsert<CaseSource>
    conversation_id: string | null
    rating_id: string | null
    rated_staff_id: string | null
    supervisor_id: string | null
    rung: CaseRung | null
    extended: OnInsert<number>
    counted_from: string
    counted_days: number
    contact_from: string
    contact_days: number
    latest_on: string | null
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
    kind: CaseEventKind
    from_state: CaseState | null
    to_state: CaseState
    note: string
    data: ColumnType<CaseEventData, string, string>
  }
  case_rule: {
    city: string
    kind: CaseKind
    counted_in: CountedIn
    first_contact_days: number
    due_days: number
    remind_days: number
    report_after_days: number
    extensions: number
    extension_days: number
    attempts: number
  }
  case_rung: { case_id: string; rung: CaseRung; due_on: string; fired_at: Date }
  case_filing: { case_id: string; staff_id: string; client_id: string }
  case_attempt: {
    case_id: string
    seq: number
    round: number
    at: Date
    staff_id: string
    result: FollowUpResult
    next_on: string | null
  }
  work_order: {
    number: string
    case_id: string
    type: WorkOrderType
    is_urgent: boolean
    person_sealed: string | null
    received_at: Date
    due_on: string | null
    taken_by: string
    taken_at: Date
    given_back_at: Date | null
    given_back_by: string | null
  }
  work_order_change: {
    number: string
    kind: WorkOrderChangeKind
    at: Date
    due_on: string | null
    taken_by: string
    taken_at: Date
  }
}

export type CaseEventKind =
  | 'opened'
  | 'moved'
  | 'reopened'
  | 're-rated'
  | 'extended'
  | 'urged'
  | 'tried'
  | 'recounted'
  | 'given'
  | 'ordered'
export type CaseEventData = {
  remedy?: string
  evidence?: string
  followUp?: FollowUpResult
  ground?: AppealGround
  level?: Level
  dueOn?: string
  rung?: CaseRung
  ownerFrom?: string
  ownerTo?: string
}
