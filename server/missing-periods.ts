/** Which periods that are over have not been kept, the oldest first: back to the newest that was, or to before the hotline. */
import type { ReportKind } from '../contract/report.ts'
import { lastSettled, periodBefore } from '../desk/report-periods.ts'
import { reportsStore, type Period } from '../desk/reports.store.ts'
import type { Db } from './db/database.ts'
import { stretchOf } from './figures.ts'

/** A year: what lies further back is not worth a long start. */
const mostMadeUp: Record<ReportKind, number> = { week: 53, month: 12 }

export async function missingPeriods(
  db: Db,
  kind: ReportKind,
  isKept: (period: Period) => Promise<boolean>,
  now: Date,
): Promise<Period[]> {
  const found: Period[] = []
  const reports = reportsStore(db)
  for (let period = lastSettled(kind, now); found.length < mostMadeUp[kind]; period = periodBefore(period)) {
    if ((await isKept(period)) || !(await reports.hadBegunBefore(stretchOf(period, now).to))) break
    found.unshift(period)
  }
  return found
}
