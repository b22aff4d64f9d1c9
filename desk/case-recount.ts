/** Deadlines that were counted through a year whose notice was not out, counted again now that it is. */
import { countDeadline } from './case-deadline.ts'
import { caseRulesStore } from './case-rules.store.ts'
import { lockCase } from './case-steps.ts'
import { casesStore } from './cases.store.ts'
import { holidaysStore } from './holidays.store.ts'
import type { Db } from './tables.ts'
import { businessDay } from './working-days.ts'

export type Recounted = { caseId: string; number: string; dueOn: string }

/**
 * @param tx the transaction in which the calendar changed.
 * @returns the cases whose deadline is another one now, to be told to the citizen.
 */
export async function recountCases(tx: Db, now: Date): Promise<Recounted[]> {
  const store = casesStore(tx)
  const calendar = await holidaysStore(tx).calendar()
  const changed: Recounted[] = []
  for (const { id } of await store.provisional()) {
    const file = await lockCase(tx, id)
    const { counted_from: from, counted_days: days, due_on: before, state, number } = file
    const rule = await caseRulesStore(tx).of(file.kind, file.city)
    const deadline = countDeadline(from, days, rule.countedIn, calendar)
    const opened = businessDay(file.opened_at)
    const contact = countDeadline(opened, rule.firstContactDays, rule.countedIn, calendar)
    await store.recount(id, deadline, contact.due)
    if (deadline.due === before) continue
    const note = `节假日安排公布，期限由 ${before} 改为 ${deadline.due}`
    const event = { kind: 'recounted', by: 'system', from: state, to: state, note } as const
    await store.addEvent(id, { ...event, data: { dueOn: deadline.due }, at: now })
    changed.push({ caseId: id, number, dueOn: deadline.due })
  }
  return changed
}
