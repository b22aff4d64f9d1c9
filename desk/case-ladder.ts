/**
 * 催办, 督办, 通报: when each rung of the ladder is due, for the deadlines that a case has now.
 *
 * 催办 comes working days before the deadline, 督办 on the day after it, 通报 when it is more than so many working days
 * over. An appeal (申诉复核) stops none of it: the citizen was told the day, and whoever appealed may not gain time by it; a
 * case that needs more is extended before it is due. The first contact has a 催办 on its own last day and a 督办 on the next. desk/case-ladders.ts fires each rung once
 * a deadline.
 */
import { caseRungs, isFinal, type CaseRung, type CaseState } from '../contract/case.ts'
import type { CaseRule } from '../contract/case-rule.ts'
import { dueAfter, plusDays, workingDayBefore, type Calendar } from './working-days.ts'

export type OnTheClock = { state: CaseState; countedFrom: string; firstContactDueOn: string; dueOn: string }
/** `on`: the day from which this rung is due; `dueOn`: the deadline that it belongs to. */
export type LadderStep = { rung: CaseRung; dueOn: string; on: string; about: 'first_contact' | 'due' }
type LadderRule = Pick<CaseRule, 'remindDays' | 'reportAfterDays'>

/** In the order in which they fall due; none for a case that is over. */
export function ladder(file: OnTheClock, rule: LadderRule, calendar: Calendar): LadderStep[] {
  if (isFinal(file.state)) return []
  const { dueOn } = file
  const reminded = workingDayBefore(dueOn, rule.remindDays, calendar)
  const steps: LadderStep[] = [
    // A short term is reminded of as soon as it runs.
    {
      rung: 'remind',
      dueOn,
      on: reminded > file.countedFrom ? reminded : earlier(file.countedFrom, dueOn),
      about: 'due',
    },
    { rung: 'supervise', dueOn, on: plusDays(dueOn, 1), about: 'due' },
    { rung: 'report', dueOn, on: dueAfter(dueOn, rule.reportAfterDays + 1, calendar).due, about: 'due' },
  ]
  const contactBy = file.firstContactDueOn
  if (file.state === 'to_verify' && contactBy < dueOn) {
    const contact = { dueOn: contactBy, about: 'first_contact' } as const
    // On the day on which it begins its owner has just been told of it.
    if (contactBy > file.countedFrom) steps.push({ rung: 'remind', on: contactBy, ...contact })
    steps.push({ rung: 'supervise', on: plusDays(contactBy, 1), ...contact })
  }
  return steps.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
}

export function reached(file: OnTheClock, rule: LadderRule, today: string, calendar: Calendar): LadderStep[] {
  return ladder(file, rule, calendar).filter(({ on }) => on <= today)
}

/** The graver of two. */
export function graver(a: CaseRung | null, b: CaseRung): CaseRung {
  return a && caseRungs.indexOf(a) > caseRungs.indexOf(b) ? a : b
}

const earlier = (a: string, b: string) => (a < b ? a : b)
