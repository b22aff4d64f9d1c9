/** One step of a case as rows: state, deadline and who sees to it where it reopens, and its event. */
import { Problem } from '../contract/problem.ts'
import { isFinal, type CaseStep } from './case.ts'
import { countDeadline } from './case-deadline.ts'
import { caseRulesStore } from './case-rules.store.ts'
import { casesStore, type CasesStore, type LockedCase } from './cases.store.ts'
import { holidaysStore } from './holidays.store.ts'
import type { Db } from './tables.ts'
import { businessDay } from './working-days.ts'

/** Until the transaction ends. @throws Problem not_found */
export async function lockCase(tx: Db, id: string): Promise<LockedCase> {
  const file = await casesStore(tx).lock({ id })
  if (!file) throw new Problem('not_found', `no case ${id}`)
  return file
}

/** A case that reopens is escalated: somebody above its owner sees to it from then on. */
export async function takeStep(tx: Db, file: LockedCase, step: CaseStep, now: Date, staffId?: string): Promise<void> {
  const store = casesStore(tx)
  if (step.to !== step.from) await store.setState(file.id, step.to, isFinal(step.to) ? now : null)
  const isSentBack = step.from === 'appeal' && step.to === 'to_verify'
  if (step.kind !== 'reopened' && !isSentBack) return store.addEvent(file.id, { ...step, staffId, at: now })

  const rule = await caseRulesStore(tx).of(file.kind, file.city)
  const calendar = await holidaysStore(tx).calendar()
  const count = (days: number) => countDeadline(businessDay(now), days, rule.countedIn, calendar)
  if (isSentBack) {
    // Whoever was contacted before the appeal is contacted again; the deadline itself was told and stays.
    await store.setFirstContact(file.id, count(rule.firstContactDays).due)
    return store.addEvent(file.id, { ...step, staffId, at: now })
  }
  const deadline = count(rule.dueDays)
  await store.reopen(file.id, deadline, file.supervisor_id ?? (await supervisorFor(store, file)))
  await store.addEvent(file.id, { ...step, data: { ...step.data, dueOn: deadline.due }, staffId, at: now })
}

/** Above the owner, and not whoever was rated. Null where there is nobody. */
export async function supervisorFor(store: CasesStore, file: LockedCase): Promise<string | null> {
  for (const role of ['supervisor', 'administrator'] as const) {
    const found = await store.leastBusy(role, file.owner_id)
    if (found && found !== file.rated_staff_id) return found
  }
  return null
}
