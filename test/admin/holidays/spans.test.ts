import { expect, it } from 'vitest'
import { daysOf, spansOf } from '../../../admin/holidays/spans.ts'

const off = (day: string, name = '国庆节') => ({ day, kind: 'off', name }) as const

it('writes days that follow each other as one span, and apart what differs', () => {
  const days = [
    { day: '2026-10-10', kind: 'worked', name: '国庆节' } as const,
    ...['2026-10-01', '2026-10-02', '2026-10-03'].map((day) => off(day)),
    off('2026-09-30', '中秋节'),
  ]
  const spans = spansOf(days)
  expect(spans).toEqual([
    { name: '中秋节', kind: 'off', from: '2026-09-30', until: '2026-09-30' },
    { name: '国庆节', kind: 'off', from: '2026-10-01', until: '2026-10-03' },
    { name: '国庆节', kind: 'worked', from: '2026-10-10', until: '2026-10-10' },
  ])
  expect(daysOf(spans)).toEqual([...days].sort((a, b) => (a.day < b.day ? -1 : 1)))
})

it('leaves out what is not filled in, and stops at what cannot be a holiday', () => {
  expect(daysOf([{ name: '春节', kind: 'off', from: '', until: '' }])).toEqual([])
  expect(daysOf([{ name: '春节', kind: 'off', from: '2026-02-20', until: '2026-02-15' }])).toEqual([])
  expect(daysOf([{ name: '春节', kind: 'off', from: '2026-01-01', until: '2029-01-01' }]).length).toBeLessThan(100)
})
