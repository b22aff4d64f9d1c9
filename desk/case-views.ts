/** Cases as the desk's pages show them: whatever a citizen wrote or left is masked, and nothing is written. */
import type { CaseCounts, CaseEventView, CaseRow, CaseView, FollowUpRate, FollowUpRow } from '../contract/case.ts'
import { Problem } from '../contract/problem.ts'
import type { Role } from '../contract/staff.ts'
import { isOverdue, legalMoves, mayJudge } from './case.ts'
import { extensionLeft } from './case-deadline.ts'
import { caseListsStore, type CaseFilter, type CaseListsStore } from './case-lists.store.ts'
import { caseRulesStore, ruleFor } from './case-rules.store.ts'
import { casesStore, type CasesStore } from './cases.store.ts'
import { followUpsStore } from './follow-ups.store.ts'
import { maskText } from './masking.ts'
import type { Db } from './tables.ts'
import { businessDay } from './working-days.ts'

const rateDays = 30
const dayMs = 24 * 3_600_000

export function caseViews(db: Db) {
  const lists = caseListsStore(db)
  return {
    async list(filter: CaseFilter, now: Date): Promise<{ rows: CaseRow[]; total: number }> {
      const today = businessDay(now)
      const { rows, total } = await lists.list(filter, today)
      return { rows: rows.map((row) => shownRow(row, today)), total }
    },

    counts(viewerId: string | undefined, now: Date): Promise<CaseCounts> {
      return lists.counts(viewerId, businessDay(now))
    },

    /** @param staffId whoever looks: is offered no judgement of an appeal that is their own. @throws Problem not_found */
    async view(id: string, roles: readonly Role[], now: Date, staffId?: string): Promise<CaseView> {
      const row = await lists.find(id)
      if (!row) throw new Problem('not_found', `no case ${id}`)
      const today = businessDay(now)
      const rule = await caseRulesStore(db).of(row.kind, row.city)
      const deadline = { dueOn: row.due_on, countedFrom: row.counted_from, countedDays: row.counted_days }
      const done = await followUpsStore(db).made(id, row.reopened)
      const events = await casesStore(db).events(id)
      const appellantId = events.findLast(({ to_state }) => to_state === 'appeal')?.staff_id ?? undefined
      const parties = { ownerId: row.owner_id, appellantId, ratedStaffId: row.rated_staff_id ?? undefined }
      const isParty = row.state === 'appeal' && staffId !== undefined && !mayJudge(parties, staffId)
      return {
        ...shownRow(row, today),
        conversationId: row.conversation_id ?? undefined,
        orderNumber: row.order_number ?? undefined,
        contact: row.contact_masked ?? undefined,
        hasPerson: row.has_person,
        level: row.level ?? undefined,
        reasons: row.reasons ?? undefined,
        events: events.map(shownEvent),
        moves: isParty ? [] : legalMoves(row, roles),
        extensionDays: extensionLeft({ ...deadline, state: row.state, extended: row.extended }, rule, today),
        followUps: { done, needed: rule.attempts },
      }
    },

    async followUps(
      filter: Pick<CaseFilter, 'ownerId' | 'viewerId' | 'limit' | 'offset'>,
      now: Date,
    ): Promise<{ rows: FollowUpRow[]; total: number }> {
      const today = businessDay(now)
      const rules = await caseRulesStore(db).all()
      const { rows, total } = await lists.followUps(filter, today)
      return { rows: rows.map((row) => shownFollowUp(row, ruleFor(rules, row.kind, row.city).attempts, today)), total }
    },

    async followUpRate(now: Date): Promise<FollowUpRate> {
      return { days: rateDays, ...(await lists.followUpRate(new Date(now.getTime() - rateDays * dayMs))) }
    },
  }
}

type ListedCase = Awaited<ReturnType<CaseListsStore['list']>>['rows'][number]
type ListedFollowUp = Awaited<ReturnType<CaseListsStore['followUps']>>['rows'][number]

function shownRow(row: ListedCase, today: string): CaseRow {
  const { id, number, kind, source, state, owner, provisional, reopened, extended } = row
  const dates = { firstContactDueOn: row.first_contact_due_on, dueOn: row.due_on }
  return {
    id,
    number,
    kind,
    source,
    state,
    text: maskText(row.text),
    city: row.city ?? undefined,
    owner,
    isUnowned: row.is_unowned,
    supervisor: row.supervisor ?? undefined,
    openedAt: row.opened_at.toISOString(),
    ...dates,
    provisional,
    overdue: isOverdue({ state, ...dates }, today),
    rung: row.rung ?? undefined,
    reopened,
    extended,
  }
}

function shownFollowUp(row: ListedFollowUp, needed: number, today: string): FollowUpRow {
  const { id, number, kind, state, owner, done } = row
  const dates = { firstContactDueOn: row.first_contact_due_on, dueOn: row.due_on }
  return {
    id,
    number,
    kind,
    text: maskText(row.text),
    owner,
    contact: row.contact_masked ?? undefined,
    reportedBackAt: row.reported_back_at.toISOString(),
    dueOn: row.due_on,
    overdue: isOverdue({ state, ...dates }, today),
    done,
    needed,
    lastTriedAt: row.last_tried_at?.toISOString(),
    nextOn: row.next_on ?? undefined,
  }
}

function shownEvent(event: Awaited<ReturnType<CasesStore['events']>>[number]): CaseEventView {
  const { seq, kind, data } = event
  const by = { officer: event.officer ?? '', citizen: '市民', system: '系统' }[event.by_whom]
  return {
    seq,
    at: event.at.toISOString(),
    by,
    kind,
    from: event.from_state ?? undefined,
    to: event.to_state,
    note: maskText(event.note),
    ...data,
  }
}
