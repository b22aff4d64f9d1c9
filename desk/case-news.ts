/** What happens to a case that staff are told of, in the transaction in which it happens; desk/case-alert.ts has the words. */
import type { CaseKind } from '../contract/case.ts'
import type { Db } from './tables.ts'

export type CaseNews = {
  caseId: string
  number: string
  kind: CaseKind
  ownerId: string
  supervisorId?: string
  /** Whom the case is about: told nothing of it, unless they own it. */
  ratedStaffId?: string
  /** The number of the event that is told. */
  seq: number
} & (
  | { what: 'opened'; contactBy: string; dueOn: string }
  | { what: 'reopened'; dueOn: string }
  | { what: 'appealed'; byStaffId: string }
  | { what: 'judged'; isExcluded: boolean; appellantId?: string; byStaffId?: string }
  | { what: 'given'; formerOwnerId: string; from: string; to: string }
  | { what: 'ordered'; change: 'deadline' | 'urge' | 'withdraw'; dueOn: string }
)

/** Joins the transaction of what it tells of. */
export type TellStaff = (tx: Db, news: CaseNews, now: Date) => Promise<void>
