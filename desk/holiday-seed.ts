/**
 * The notices that ship with the product, from npm chinese-days. Its own isWorkday() answers for years that it has
 * no data of, so the days are read here and a year counts only when its notice is really in them.
 */
import data from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import type { Db } from './tables.ts'
import { holidaysStore, type HolidayYear } from './holidays.store.ts'

type Days = Record<string, string>

/** Every year holding its own National Day: a stray day that next year's notice moved does not make a year known. */
export function noticesIn(source: { holidays: Days; workdays: Days }): HolidayYear[] {
  const years = Object.keys(source.holidays)
    .filter((day) => day.endsWith('-10-01'))
    .map((day) => day.slice(0, 4))
    .sort()
  return years.map((year) => ({
    year: Number(year),
    days: [...daysOf(year, source.holidays, 'off'), ...daysOf(year, source.workdays, 'worked')],
  }))
}

/** Fills in the years that the table does not hold yet; a year that somebody entered or corrected stays as it is. */
export async function seedHolidays(db: Db): Promise<number[]> {
  const store = holidaysStore(db)
  const seeded: number[] = []
  for (const notice of noticesIn(data)) if (await store.keepYear(notice)) seeded.push(notice.year)
  return seeded
}

function daysOf(year: string, days: Days, kind: 'off' | 'worked'): HolidayYear['days'] {
  return Object.entries(days)
    .filter(([day]) => day.startsWith(`${year}-`))
    .map(([day, label]) => ({ day, kind, name: label.split(',')[1] ?? label })) // "National Day,国庆节,3"
}
