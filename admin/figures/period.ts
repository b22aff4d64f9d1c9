/** Stretches of time that one asks figures about, as days of the bureau; the 24 hours that end now have no days. */
import { dayOf } from '../day.ts'

const dayMs = 86_400_000
const dayAt = (at: number) => new Date(at).toISOString().slice(0, 10)
const at = (day: string) => Date.parse(`${day}T00:00:00Z`)

export const periods = [
  { value: '', label: '最近 24 小时' },
  { value: 'today', label: '今天' },
  { value: 'yesterday', label: '昨天' },
  { value: '7', label: '最近 7 天' },
  { value: '30', label: '最近 30 天' },
  { value: 'week', label: '上周' },
  { value: 'month', label: '本月' },
  { value: 'last-month', label: '上月' },
  { value: 'days', label: '自选日期' },
] as const
export const ownDays = 'days'

export type Days = { from?: string; to?: string }

export function daysOf(period: string, now: Date): Days {
  const today = at(dayOf(now))
  const between = (from: number, to: number): Days => ({ from: dayAt(from), to: dayAt(to) })
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * dayMs
  const first = Date.UTC(new Date(today).getUTCFullYear(), new Date(today).getUTCMonth(), 1)
  const firstBefore = Date.UTC(new Date(today).getUTCFullYear(), new Date(today).getUTCMonth() - 1, 1)
  switch (period) {
    case 'today':
      return between(today, today)
    case 'yesterday':
      return between(today - dayMs, today - dayMs)
    case '7':
    case '30':
      return between(today - (Number(period) - 1) * dayMs, today)
    case 'week':
      return between(monday - 7 * dayMs, monday - dayMs)
    case 'month':
      return between(first, today)
    case 'last-month':
      return between(firstBefore, first - dayMs)
    default:
      return {}
  }
}
