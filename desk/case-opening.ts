/** A case begins: its number, its owner, its deadlines by the rule of its kind and city, and its first event. */
import type { CaseKind, CaseSource } from '../contract/case.ts'
import { countDeadline, notAfter } from './case-deadline.ts'
import type { TellStaff } from './case-news.ts'
import { chooseOwner } from './case-people.ts'
import { caseRulesStore } from './case-rules.store.ts'
import { casesStore, type NewCase } from './cases.store.ts'
import { holidaysStore } from './holidays.store.ts'
import type { Db } from './tables.ts'
import { businessDay } from './working-days.ts'

export type OpenedCase = { caseId: string; number: string; dueOn: string; provisional: boolean }

export type Opening = Pick<
  NewCase,
  'conversationId' | 'ratingId' | 'ratedStaffId' | 'text' | 'contactSealed' | 'contactMasked' | 'city'
> & {
  source?: CaseSource
  /** A deadline that somebody else set; the earlier one holds. */
  latest?: string
  /** Who wrote it down for the citizen, if anybody did. */
  filedBy?: string
}

const openedNotes: Record<CaseKind, string> = {
  complaint: '收到市民投诉，已立案',
  bad_rating: '收到差评，已立案',
  consultation: '收到市民咨询，已立案',
  emergency: '收到紧急事项，已立案，当日办理',
}

/** @param tx a transaction: a case without its first event does not exist, nor one that its owner is not told of. */
export async function openCase(
  tx: Db,
  kind: CaseKind,
  opening: Opening,
  now: Date,
  tell: TellStaff | undefined,
): Promise<OpenedCase> {
  const { latest, source = 'own', filedBy, ...about } = opening
  const store = casesStore(tx)
  const today = businessDay(now)
  const rule = await caseRulesStore(tx).of(kind, opening.city)
  const calendar = await holidaysStore(tx).calendar()
  const count = (days: number) => notAfter(countDeadline(today, days, rule.countedIn, calendar), latest)
  const [deadline, firstContact] = [count(rule.dueDays), count(rule.firstContactDays)]
  const ownerId = await chooseOwner(tx, opening.ratedStaffId)
  const number = `ZG${today.replaceAll('-', '')}-${String(await store.nextNumber()).padStart(4, '0')}`
  const caseId = await store.insert({
    ...about,
    source,
    kind,
    number,
    ownerId,
    openedAt: now,
    firstContact,
    deadline,
    latest,
  })
  const seq = await store.addEvent(caseId, {
    kind: 'opened',
    ...(filedBy ? { by: 'officer', staffId: filedBy } : { by: 'system' }),
    to: 'to_verify',
    note: source === '12345' ? '收到 12345 转办工单，已立案' : openedNotes[kind],
    data: { dueOn: deadline.due },
    at: now,
  })
  const { ratedStaffId } = opening
  const told = { caseId, number, kind, ownerId, ratedStaffId, seq, contactBy: firstContact.due, dueOn: deadline.due }
  await tell?.(tx, { ...told, what: 'opened' }, now)
  return { caseId, number, dueOn: deadline.due, provisional: deadline.provisional }
}
