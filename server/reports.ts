/**
 * Weekly and monthly reports: figures as they are when a period has settled, kept with their names and definitions.
 * `writeDue` may run as often as one likes, and on every node: the first report of a period stays. Periods over which
 * no server ran are made up for, the oldest first.
 */
import { figures as known, type SplitView } from '../contract/figure.ts'
import { reportKinds, reportSplits, type KeptFigures } from '../contract/report.ts'
import { reportsStore, type Period } from '../desk/reports.store.ts'
import type { Db } from './db/database.ts'
import { stretchOf, type Figures } from './figures.ts'
import { missingPeriods } from './missing-periods.ts'

type Parts = { db: Db; figures: Figures; now: () => Date }

export type Reports = ReturnType<typeof reports>

export function reports({ db, figures, now }: Parts) {
  const store = reportsStore(db)

  async function counted(period: Period, at: Date): Promise<KeptFigures> {
    const stretch = stretchOf(period, at)
    const { limits } = figures
    const all = await figures.all(stretch, at)
    const splits: Record<string, SplitView[]> = {}
    for (const by of reportSplits) splits[by] = await figures.split(by, stretch, at)
    return {
      limits,
      splits,
      figures: all.map((view) => {
        const { group, name, unit, definition } = known[view.id]
        return { ...view, group, name, unit, definition: definition(limits) }
      }),
    }
  }

  return {
    ...store,

    /** @returns the periods that were reported just now. */
    async writeDue(): Promise<Period[]> {
      const at = now()
      const written: Period[] = []
      for (const kind of reportKinds)
        for (const period of await missingPeriods(db, kind, (one) => store.has(one), at))
          if (await store.keep(period, await counted(period, at), at)) written.push(period)
      return written
    },
  }
}
