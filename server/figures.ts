/**
 * Figures as doors, reports and the wall ask for them: days of the bureau become moments, keys become names. One
 * place, so that a page, a table, a kept report and the wall say the same.
 */
import {
  figureChannelNames,
  unitNames,
  type FigureChannel,
  type FigureLimits,
  type Split,
  type SplitView,
} from '../contract/figure.ts'
import { levelNames } from '../contract/rating.ts'
import { figuresStore, type Stretch } from '../desk/figures.store.ts'
import { ratingWindowsStore } from '../desk/rating-windows.store.ts'
import { staffStore } from '../desk/staff.store.ts'
import { businessDay, businessTime } from '../desk/working-days.ts'
import type { Db } from './db/database.ts'

const dayMs = 24 * 3_600_000

function daysOf({ from, to }: Stretch): string[] {
  const days: string[] = []
  for (let at = from.getTime(); at < to.getTime(); at += dayMs) days.push(businessDay(new Date(at)))
  const last = businessDay(new Date(to.getTime() - 1))
  return days.at(-1) === last ? days : [...days, last]
}

/** Both days counted; without days, the 24 hours that end now. */
export function stretchOf(asked: { from?: string; to?: string; channel?: FigureChannel }, now: Date): Stretch {
  const { from, to, channel } = asked
  const days =
    from && to
      ? { from: businessTime(from, '00:00'), to: new Date(businessTime(to, '00:00').getTime() + dayMs) }
      : { from: new Date(now.getTime() - dayMs), to: now }
  return { ...days, ...(channel && { channel }) }
}

export type Figures = ReturnType<typeof figuresOf>

export function figuresOf({ db, limits }: { db: Db; limits: FigureLimits }) {
  const store = figuresStore(db)

  async function labels(by: Split, keys: readonly string[]): Promise<(key: string) => string> {
    const names: Readonly<Record<string, string>> =
      by === 'channel' ? figureChannelNames : by === 'unit' ? unitNames : by === 'level' ? levelNames : {}
    if (by === 'agent') {
      const numbers = await staffStore(db).workNumbers(keys)
      return (key) => `工号 ${numbers.get(key) ?? key}`
    }
    if (by === 'window') {
      const windows = await ratingWindowsStore(db).names(keys)
      return (key) => windows.get(key) ?? key
    }
    return (key) => names[key] ?? key
  }

  return {
    limits,
    all: (stretch: Stretch, now: Date) => store.all(stretch, { ...limits, now }),
    count: (id: Parameters<typeof store.count>[0], stretch: Stretch, now: Date) =>
      store.count(id, stretch, { ...limits, now }),
    rows: (
      id: Parameters<typeof store.rows>[0],
      stretch: Stretch,
      now: Date,
      filter: Parameters<typeof store.rows>[3],
    ) => store.rows(id, stretch, { ...limits, now }, filter),

    async split(by: Split, stretch: Stretch, now: Date): Promise<SplitView[]> {
      const rows = await store.split(by, stretch, { ...limits, now })
      const seen = new Set(rows.map(({ key }) => key))
      // A day on which nothing happened is a day all the same.
      const keys = by === 'day' && seen.size > 0 ? daysOf(stretch) : [...seen].sort()
      const labelOf = await labels(by, keys)
      return keys.map((key) => ({
        key,
        label: labelOf(key),
        figures: rows.filter((row) => row.key === key).map(({ figure }) => figure),
      }))
    },
  }
}
