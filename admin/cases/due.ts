/**
 * How urgent a case is, as a word and a tone, by the deadline that comes next: the first contact until it is made,
 * then the end. Counted in days as the calendar has them; whether a case is overdue is the server's own word.
 */
import { isFinal, type CaseRow } from '../../contract/case.ts'
import { dayOf, daysBetween } from '../day.ts'

type Due = Pick<CaseRow, 'state' | 'firstContactDueOn' | 'dueOn' | 'overdue'>
export type DueMark = { words: string; tone: 'danger' | 'accent' | 'plain' | 'good'; on: string }
const soonDays = 2

export function dueMark(row: Due, now: Date): DueMark {
  if (isFinal(row.state)) return { words: '已了结', tone: 'good', on: row.dueOn }
  const awaitsContact = row.state === 'to_verify' && row.firstContactDueOn <= row.dueOn
  const on = awaitsContact ? row.firstContactDueOn : row.dueOn
  const left = daysBetween(dayOf(now), on)
  const subject = awaitsContact ? '首次联系' : ''
  if (row.overdue || left < 0) return { words: `${subject}已超期${left < 0 ? ` ${-left} 天` : ''}`, tone: 'danger', on }
  if (left === 0) return { words: `${subject}今天到期`, tone: 'accent', on }
  return { words: `${subject}还剩 ${left} 天`, tone: left <= soonDays ? 'accent' : 'plain', on }
}
