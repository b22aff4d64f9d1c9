import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lastSettled, periodBefore } from '../../desk/report-periods.ts'
import { businessDay } from '../../desk/working-days.ts'

const at = (moment: string) => new Date(`${moment}+08:00`)
const weekday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay()
const dayMs = 86_400_000

it.each([
  ['2026-11-23T23:59:00', '2026-11-09', '2026-11-15'], // a Monday: Sunday's may still come back
  ['2026-11-24T00:00:00', '2026-11-16', '2026-11-22'],
  ['2026-11-29T12:00:00', '2026-11-16', '2026-11-22'],
  ['2027-01-05T08:00:00', '2026-12-28', '2027-01-03'],
])('at %s the last settled week is %s to %s', (now, from, to) => {
  expect(lastSettled('week', at(now))).toEqual({ kind: 'week', from, to })
})

it.each([
  ['2026-12-01T23:59:00', '2026-10-01', '2026-10-31'],
  ['2026-12-02T00:00:00', '2026-11-01', '2026-11-30'],
  ['2027-01-02T00:00:00', '2026-12-01', '2026-12-31'],
  ['2028-03-02T00:00:00', '2028-02-01', '2028-02-29'],
])('at %s the last settled month is %s to %s', (now, from, to) => {
  expect(lastSettled('month', at(now))).toEqual({ kind: 'month', from, to })
})

it('has ended a whole day ago at least, and less than a period and two days', () => {
  const moments = fc.date({ min: at('2020-01-01T00:00:00'), max: at('2040-01-01T00:00:00'), noInvalidDate: true })
  fc.assert(
    fc.property(moments, fc.constantFrom('week' as const, 'month' as const), (now, kind) => {
      const { from, to } = lastSettled(kind, now)
      const sinceEnd = (Date.parse(businessDay(now)) - Date.parse(to)) / dayMs
      expect(sinceEnd).toBeGreaterThanOrEqual(2)
      expect(sinceEnd).toBeLessThanOrEqual(kind === 'week' ? 8 : 32)
      if (kind === 'week') expect([weekday(from), weekday(to)]).toEqual([1, 0])
      else expect([from.slice(8), from.slice(0, 7)]).toEqual(['01', to.slice(0, 7)])
    }),
  )
})

it('leaves no day between a period and the one before it', () => {
  const moments = fc.date({ min: at('2020-01-01T00:00:00'), max: at('2040-01-01T00:00:00'), noInvalidDate: true })
  fc.assert(
    fc.property(moments, fc.constantFrom('week' as const, 'month' as const), (now, kind) => {
      const period = lastSettled(kind, now)
      const before = periodBefore(period)
      expect(Date.parse(period.from) - Date.parse(before.to)).toBe(dayMs)
      if (kind === 'week') expect(Date.parse(before.to) - Date.parse(before.from)).toBe(6 * dayMs)
      else expect(before.from.slice(8)).toBe('01')
    }),
  )
})
