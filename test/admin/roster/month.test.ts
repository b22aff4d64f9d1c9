import { expect, it } from 'vitest'
import { monthAfter, weekBefore, weeksOf } from '../../../admin/roster/month.ts'

it('shows a month in whole weeks, Monday to Sunday', () => {
  const weeks = weeksOf('2026-11')
  expect(weeks.map(([monday]) => monday)).toEqual([
    '2026-10-26',
    '2026-11-02',
    '2026-11-09',
    '2026-11-16',
    '2026-11-23',
    '2026-11-30',
  ])
  expect(weeks.every((week) => week.length === 7)).toBe(true)
  expect(weeksOf('2027-02').map(([monday]) => monday)).toEqual(['2027-02-01', '2027-02-08', '2027-02-15', '2027-02-22'])
})

it('goes from month to month and from week to week over the end of a year', () => {
  expect([monthAfter('2026-12', 1), monthAfter('2027-01', -1)]).toEqual(['2027-01', '2026-12'])
  expect(weekBefore('2027-01-04')).toBe('2026-12-28')
})
