/** Which stretch of time a page is about, and which channel: kept in the address, and passed on to the rows behind a figure. */
import { computed } from 'vue'
import { useFilters } from '../filters.ts'
import { daysOf, ownDays, type Days } from './period.ts'

export function useStretch<K extends string>(more: readonly K[]) {
  const filters = useFilters<K | 'period' | 'from' | 'to' | 'channel'>(['period', 'from', 'to', 'channel', ...more])
  const { of } = filters
  const now = new Date()
  const days = computed<Days>(() => {
    if (of('period') !== ownDays) return daysOf(of('period'), now)
    return of('from') && of('to') ? { from: of('from'), to: of('to') } : {}
  })
  const stretch = computed(() => ({ ...days.value, channel: of('channel') }))
  /** The address of another page about the same stretch. */
  const onward = computed(() =>
    Object.fromEntries(
      (['period', 'from', 'to', 'channel'] as const).flatMap((name) => (of(name) ? [[name, of(name)]] : [])),
    ),
  )
  return { ...filters, days, stretch, onward }
}
export type AskedStretch = ReturnType<typeof useStretch<string>>
