/** One step of a case as rows: state, deadline and who sees to it where it reopens, its event, and who of the staff is told. */
import { isFinal } from '../contract/case.ts'
import type { CaseStep } from './case.ts'
import { countDeadline } from './case-deadline.ts'
import { newsOf, whoseOf } from './case-file.ts'
import type { TellStaff } from './case-news.ts'
import { mindOwned } from './case-owners.ts'
import { supervisorFor } from './case-people.ts'
import { caseRulesStore } from './case-rules.store.ts'
import { casesStore, type LockedCase } from './cases.store.ts'
import { holidaysStore } from './holidays.store.ts'
import type { Db } from './tables.ts'
import { businessDay } from './working-days.ts'
import { workOrdersStore } from './work-orders.store.ts'

type By = { staffId?: string; tell?: TellStaff }

/** A case that reopens is escalated: somebody above its owner sees to it from then on. */
export async function takeStep(
  tx: Db,
  file: LockedCase,
  step: CaseStep,
  now: Date,
  { staffId, tell }: By,
): Promise<void> {
  const store = casesStore(tx)
  if (step.to !== step.from) await store.setState(file.id, step.to, isFinal(step.to) ? now : null)
  const event = { ...step, staffId, at: now }
  if (step.kind === 'reopened') return reopen()
  // Whoever was contacted before the appeal is contacted again; the deadline itself was told and stays.
  if (step.from === 'appeal' && step.to === 'to_verify')
    await store.setFirstContact(file.id, await count((rule) => rule.firstContactDays))
  const seq = await store.addEvent(file.id, event)
  if (step.from === 'appeal') {
    const appellantId = (await store.events(file.id)).findLast(({ to_state }) => to_state === 'appeal')?.staff_id
    const judged = { isExcluded: step.to === 'excluded', appellantId: appellantId ?? undefined, byStaffId: staffId }
    await tell?.(tx, { ...newsOf(file, seq), what: 'judged', ...judged }, now)
  }
  if (step.to === 'appeal' && staffId)
    await tell?.(tx, { ...newsOf(file, seq), what: 'appealed', byStaffId: staffId }, now)

  async function reopen(): Promise<void> {
    const deadline = await count((rule) => rule.dueDays)
    // What was given back to 12345 holds no more, and goes there again when it is over.
    if (isFinal(step.from)) await workOrdersStore(tx).takeBack(file.id)
    file.supervisor_id ??= await supervisorFor(tx, whoseOf(file))
    await store.reopen(file.id, deadline, file.supervisor_id)
    const seq = await store.addEvent(file.id, { ...event, data: { ...step.data, dueOn: deadline.due } })
    // Whoever owned it when it was closed may have left since.
    if (isFinal(step.from)) await mindOwned(tx, file, now, tell)
    await tell?.(tx, { ...newsOf(file, seq), what: 'reopened', dueOn: deadline.due }, now)
  }

  async function count(days: (rule: { dueDays: number; firstContactDays: number }) => number) {
    const rule = await caseRulesStore(tx).of(file.kind, file.city)
    return countDeadline(businessDay(now), days(rule), rule.countedIn, await holidaysStore(tx).calendar())
  }
}
