/**
 * What a yearly notice can say: days off anywhere in its year, Saturdays and Sundays worked instead, and days of the
 * weeks around its ends, for a holiday that begins in the old year. National Day is in every notice; one without it is
 * half a notice, and a year is known whole or not at all.
 */
import type { HolidayNotice } from '../contract/holiday.ts'
import { Problem, type FaultyField } from '../contract/problem.ts'
import { plusDays } from './working-days.ts'

const spillDays = 14

/** The first and the last day that the notice of a year may rule. */
export const noticeReach = (year: number) => ({ first: plusDays(`${year}-01-01`, -spillDays), last: `${year}-12-31` })

/** @throws Problem invalid_input naming every faulty day. */
export function soundNotice({ year, days }: HolidayNotice): void {
  const fields: FaultyField[] = []
  const { first, last } = noticeReach(year)
  const seen = new Set<string>()
  days.forEach(({ day, kind }, i) => {
    const told = faultOf(day, kind, first, last, seen.has(day))
    if (told) fields.push({ path: `days.${i}.day`, message: told })
    seen.add(day)
  })
  const nationalDay = `${year}-10-01`
  if (!days.some(({ day, kind }) => day === nationalDay && kind === 'off'))
    fields.push({ path: 'days', message: '没有国庆节（10月1日），请把全年的安排填齐' })
  if (fields.length > 0) throw new Problem('invalid_input', `notice of ${year}`, { fields })
}

function faultOf(
  day: string,
  kind: 'off' | 'worked',
  first: string,
  last: string,
  isTwice: boolean,
): string | undefined {
  if (day < first || day > last) return '不在这一年'
  if (isTwice) return '填了两次'
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  if (kind === 'worked' && weekday !== 0 && weekday !== 6) return '本来就是工作日，不用填调休上班'
  return undefined
}
