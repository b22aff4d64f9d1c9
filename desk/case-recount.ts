/**
 * Deadlines counted again: a year's notice came out or was put right, or 12345 set another day. What a count began with
 * stays what it was, also where a first contact was set anew; the earlier of ours and of 12345's day holds.
 */
import { countDeadline, notAfter, type Recount } from './case-deadline.ts'
import { lockCase } from './case-file.ts'
import { caseRulesStore } from './case-rules.store.ts'
import { casesStore, type LockedCase } from './cases.store.ts'
import { noticeReach } from './holiday-notice.ts'
import { holidaysStore } from './holidays.store.ts'
import type { Db } from './tables.ts'
import { businessDay } from './working-days.ts'

export type Recounted = { caseId: string; number: string; dueOn: string }

/**
 * @param tx the transaction in which the calendar changed.
 * @param year whose notice it was.
 * @returns the cases whose deadline is another one now, to be told to the citizen.
 */
export async function recountCases(tx: Db, year: number, now: Date): Promise<Recounted[]> {
  const store = casesStore(tx)
  const { first, last } = noticeReach(year)
  const changed: Recounted[] = []
  for (const { id } of await store.countedThrough(first, last)) {
    const file = await lockCase(tx, id)
    const { due_on: before, first_contact_due_on: contactBefore, state, number } = file
    const count = await countAgain(tx, file, file.latest_on ?? undefined)
    const dueOn = count.deadline.due
    const isMoved = dueOn !== before
    await store.recount(id, { ...count, isMoved })
    const moved = [
      contactBefore === count.firstContact.due ? [] : `首次联系期限由 ${contactBefore} 改为 ${count.firstContact.due}`,
      isMoved ? `期限由 ${before} 改为 ${dueOn}` : [],
    ].flat()
    if (moved.length === 0) continue
    const note = `节假日安排公布或更正，${moved.join('，')}`
    const event = { kind: 'recounted', by: 'system', from: state, to: state, note } as const
    await store.addEvent(id, { ...event, data: { dueOn }, at: now })
    if (isMoved) changed.push({ caseId: id, number, dueOn })
  }
  return changed
}

/** @param latest the day of 12345 that binds it; a first contact that was asked for anew is none of theirs. */
export async function countAgain(tx: Db, file: LockedCase, latest: string | undefined): Promise<Recount> {
  const { countedIn } = await caseRulesStore(tx).of(file.kind, file.city)
  const calendar = await holidaysStore(tx).calendar()
  const count = (from: string, days: number) => countDeadline(from, days, countedIn, calendar)
  const contact = count(file.contact_from, file.contact_days)
  const isFirst = file.contact_from === businessDay(file.opened_at)
  return {
    deadline: notAfter(count(file.counted_from, file.counted_days), latest),
    firstContact: isFirst ? notAfter(contact, latest) : contact,
    latest,
  }
}
