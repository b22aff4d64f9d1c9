/**
 * /public's months: whole ones that have settled, each published once. Two looks at days that move, or at a month that
 * changes, would tell by their difference what is left out.
 */
import { publishedMonth } from '../desk/published-month.ts'
import { publishedMonthsStore } from '../desk/published-months.store.ts'
import { publishedRatingsStore } from '../desk/published-ratings.store.ts'
import type { Db } from './db/database.ts'
import { stretchOf } from './figures.ts'
import { missingPeriods } from './missing-periods.ts'

const mostFixed = 5_000
const monthOf = ({ from }: { from: string }) => from.slice(0, 7)

export type PublishedMonths = ReturnType<typeof publishedMonths>

export function publishedMonths({ db, now }: { db: Db; now: () => Date }) {
  const kept = publishedMonthsStore(db)
  const rows = publishedRatingsStore(db)
  return {
    find: (month: string) => kept.find(month),
    months: () => kept.months(),

    /** May run as often as one likes, and on every node. */
    async publishDue(): Promise<void> {
      const at = now()
      for (const period of await missingPeriods(db, 'month', (one) => kept.has(monthOf(one)), at)) {
        const days = stretchOf({ from: period.from, to: period.to }, at)
        const content = publishedMonth(await rows.byUnit(days), await rows.fixed(days, mostFixed))
        await kept.keep(monthOf(period), content, at)
      }
    },
  }
}
