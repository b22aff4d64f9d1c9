import { expect, it } from 'vitest'
import { daysOf } from '../../admin/figures/period.ts'
import { figureIds, figures, figureWords, isBelow } from '../../contract/figure.ts'

/** A Sunday evening here, and still Sunday in London. */
const sunday = new Date('2026-11-22T23:30:00+08:00')
/** A new year here, and the old one in London. */
const newYear = new Date('2027-01-01T00:30:00+08:00')

it.each([
  ['', sunday, {}],
  ['days', sunday, {}],
  ['today', newYear, { from: '2027-01-01', to: '2027-01-01' }],
  ['yesterday', newYear, { from: '2026-12-31', to: '2026-12-31' }],
  ['7', sunday, { from: '2026-11-16', to: '2026-11-22' }],
  ['week', sunday, { from: '2026-11-09', to: '2026-11-15' }],
  ['week', new Date('2026-11-23T00:10:00+08:00'), { from: '2026-11-16', to: '2026-11-22' }],
  ['month', sunday, { from: '2026-11-01', to: '2026-11-22' }],
  ['last-month', newYear, { from: '2026-12-01', to: '2026-12-31' }],
  ['last-month', new Date('2028-03-05T12:00:00+08:00'), { from: '2028-02-01', to: '2028-02-29' }],
])('the period "%s" at %s has these days', (period, now, days) => {
  expect(daysOf(period, now)).toEqual(days)
})

it.each([
  ['share', null, '—'],
  ['share', 60_900 / 101_900, '59.8%'],
  ['share', 0.9996, '99.9%'],
  ['share', 1, '100.0%'],
  ['count', 1_024, '1,024'],
  ['seconds', 59.4, '59 秒'],
  ['seconds', 65, '1 分 05 秒'],
  ['seconds', 7_380, '2 小时 3 分'],
] as const)('a %s of %s is written %s', (unit, value, words) => {
  expect(figureWords(unit, value)).toBe(words)
})

it('is below its target when it is, and never without a value or a target', () => {
  const view = { id: 'answered-share', part: 9, whole: 10 } as const
  expect(isBelow({ ...view, value: 0.9 }, { 'answered-share': 0.95 })).toBe(true)
  expect(isBelow({ ...view, value: 0.95 }, { 'answered-share': 0.95 })).toBe(false)
  expect(isBelow({ ...view, value: null }, { 'answered-share': 0.95 })).toBe(false)
  expect(isBelow({ ...view, value: 0 }, {})).toBe(false)
})

it('has a name and a definition for every figure, no two alike', () => {
  const limits = { pickupSeconds: 15, replySeconds: 180, leastCalls: 20, targets: {} }
  const all = figureIds.map((id) => figures[id])
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  expect(new Set(all.map(({ definition }) => definition(limits))).size).toBe(all.length)
  for (const { definition } of all) expect(definition(limits)).toMatch(/^.*期内.*[。]$/u)
})
