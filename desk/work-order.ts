/**
 * A work order of 12345 as a case of ours, and what is given back for it. What is urgent is an emergency whatever its
 * type; a report is handled as a complaint, a plea for help or a suggestion as a question.
 */
import { isFinal, type CaseEventView, type CaseKind, type CaseState } from '../contract/case.ts'
import type { WorkOrder, WorkOrderResult, WorkOrderType } from '../contract/work-order.ts'
import { maskText } from './masking.ts'

const kinds: Record<WorkOrderType, CaseKind> = {
  consultation: 'consultation',
  help: 'consultation',
  suggestion: 'consultation',
  complaint: 'complaint',
  report: 'complaint',
}

export function kindOf({ type, urgent }: Pick<WorkOrder, 'type' | 'urgent'>): CaseKind {
  return urgent ? 'emergency' : kinds[type]
}

export type KeptOrder = { number: string; caseNumber: string; state: CaseState; dueOn: string }
type ToldEvent = Pick<CaseEventView, 'at' | 'to' | 'note' | 'remedy' | 'evidence' | 'level'> & { followUp?: string }

/** @param events of the case, the first first; notes masked as they are shown. */
export function resultOf(order: KeptOrder, events: readonly ToldEvent[]): WorkOrderResult {
  const { number, caseNumber, state, dueOn } = order
  const last = <K extends keyof ToldEvent>(key: K) => events.findLast((event) => event[key] !== undefined)?.[key]
  const reached = (to: CaseState) => events.find((event) => event.to === to)
  const ended = isFinal(state) ? events.findLast((event) => event.to === state) : undefined
  return {
    number,
    caseNumber,
    outcome: state === 'returned' ? 'returned' : isFinal(state) ? 'closed' : 'handling',
    dueOn,
    contactedAt: reached('contacted')?.at,
    remedy: masked(last('remedy')),
    evidence: masked(last('evidence')),
    followUp: followUpOf(events),
    finishedAt: ended?.at,
    returnReason: state === 'returned' ? ended?.note : undefined,
  }
}

const masked = (text: string | undefined) => text && maskText(text)

/** What an officer heard, or what the citizen's own rating of the fix says, whichever came last. */
function followUpOf(events: readonly ToldEvent[]): WorkOrderResult['followUp'] {
  const told = events.findLast(({ followUp, level }) => followUp !== undefined || level !== undefined)
  if (!told) return undefined
  if (told.level !== undefined) return told.level <= 2 ? 'dissatisfied' : 'satisfied'
  return told.followUp === 'satisfied' || told.followUp === 'dissatisfied' ? told.followUp : 'unreachable'
}
