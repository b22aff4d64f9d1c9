import { expect, it } from 'vitest'
import { dayOf, daysBetween, dayWords, exactly, momentWords } from '../../admin/day.ts'

const now = new Date('2026-11-22T17:00:00.000Z')

it('reads every moment in the bureau’s zone', () => {
  expect(dayOf(now)).toBe('2026-11-23')
  expect(momentWords('2026-11-22T16:05:00.000Z', now)).toBe('今天 00:05')
  expect(momentWords('2026-11-22T15:59:00.000Z', now)).toBe('11月22日 23:59')
  expect(exactly('2026-11-22T16:00:07.000Z')).toBe('2026-11-23 00:00:07')
})

it('names the year only when it is another', () => {
  expect(dayWords('2026-12-01', now)).toBe('12月1日')
  expect(dayWords('2027-01-04', now)).toBe('2027年1月4日')
})

it('counts days over the end of a month', () => {
  expect(daysBetween('2026-11-23', '2026-12-01')).toBe(8)
  expect(daysBetween('2026-12-01', '2026-11-23')).toBe(-8)
})
