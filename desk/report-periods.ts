/**
 * Which weeks (Monday to Sunday) and months are over and settled. A report waits one whole day after its last, because
 * who comes back within 24 hours still belongs to it. Days are 'YYYY-MM-DD' in the bureau's zone.
 */
import type { ReportKind } from '../contract/report.ts'
import type { Period } from './reports.store.ts'
import { businessDay } from './working-days.ts'

const dayMs = 24 * 3_600_000
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

/** The last one of its kind that can be written now. */
export function lastSettled(kind: ReportKind, now: Date): Period {
  const settled = Date.parse(businessDay(now)) - dayMs
  return kind === 'week' ? weekBefore(settled) : monthBefore(settled)
}

/** The one that ended on the day before this one began. */
export function periodBefore({ kind, from }: Period): Period {
  const began = Date.parse(from)
  return kind === 'week' ? weekBefore(began) : monthBefore(began)
}

/** @param midnight UTC of a day: the last week that was over before it. */
function weekBefore(midnight: number): Period {
  const sinceMonday = (new Date(midnight).getUTCDay() + 6) % 7
  const monday = midnight - sinceMonday * dayMs
  return { kind: 'week', from: dayOf(monday - 7 * dayMs), to: dayOf(monday - dayMs) }
}

function monthBefore(midnight: number): Period {
  const day = new Date(midnight)
  const first = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1)
  return {
    kind: 'month',
    from: dayOf(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - 1, 1)),
    to: dayOf(first - dayMs),
  }
}
