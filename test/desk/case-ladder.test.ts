import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { graver, ladder, reached } from '../../desk/case-ladder.ts'
import { countDeadline, extend, extensionLeft, notAfter } from '../../desk/case-deadline.ts'
import { isWorkingDay, plusDays } from '../../desk/working-days.ts'
import { notice2026 } from './calendars.ts'

const rule = { remindDays: 1, reportAfterDays: 5 }
const file = {
  state: 'rectifying',
  countedFrom: '2026-09-24',
  firstContactDueOn: '2026-09-28',
  dueOn: '2026-09-30',
} as const

describe('the ladder', () => {
  it('reminds a working day before, supervises the day after, reports beyond five working days, National Day between', () => {
    expect(ladder(file, rule, notice2026)).toEqual([
      { rung: 'remind', dueOn: '2026-09-30', on: '2026-09-29', about: 'due' },
      { rung: 'supervise', dueOn: '2026-09-30', on: '2026-10-01', about: 'due' },
      // 8, 9, 10 (a worked Saturday), 12, 13 are five; the sixth is the 14th.
      { rung: 'report', dueOn: '2026-09-30', on: '2026-10-14', about: 'due' },
    ])
  })

  it('goes straight to supervision when nobody was contacted in time', () => {
    const waiting = { ...file, state: 'to_verify' } as const
    expect(reached(waiting, rule, '2026-09-29', notice2026)).toMatchObject([
      { rung: 'remind', about: 'first_contact', dueOn: '2026-09-28', on: '2026-09-28' },
      { rung: 'remind', about: 'due' },
      { rung: 'supervise', about: 'first_contact', dueOn: '2026-09-28' },
    ])
    expect(reached(file, rule, '2026-09-29', notice2026)).toHaveLength(1)
  })

  it('reminds of a first contact on its last day, unless it began that very day or was made', () => {
    const waiting = { ...file, state: 'to_verify' } as const
    const contacts = (one: Parameters<typeof ladder>[0]) =>
      ladder(one, rule, notice2026).filter(({ about, rung }) => about === 'first_contact' && rung === 'remind')
    expect(contacts(waiting)).toEqual([
      { rung: 'remind', dueOn: '2026-09-28', on: '2026-09-28', about: 'first_contact' },
    ])
    expect(contacts({ ...waiting, countedFrom: '2026-09-28' })).toEqual([])
    expect(contacts(file)).toEqual([])
  })

  it('reminds of a short term as soon as it runs, and of nothing that is over', () => {
    const today = { ...file, countedFrom: '2026-09-30', firstContactDueOn: '2026-09-30' }
    expect(reached(today, rule, '2026-09-30', notice2026)).toMatchObject([{ rung: 'remind', on: '2026-09-30' }])
    for (const state of ['closed', 'excluded', 'returned'] as const)
      expect(ladder({ ...file, state }, rule, notice2026)).toEqual([])
  })

  it('keeps the graver of two rungs', () => {
    expect([graver(null, 'remind'), graver('report', 'remind'), graver('remind', 'supervise')]).toEqual([
      'remind',
      'report',
      'supervise',
    ])
  })

  const days = fc.integer({ min: 0, max: 300 }).map((n) => plusDays('2026-01-01', n))
  const rules = fc.record({ remindDays: fc.nat(10), reportAfterDays: fc.integer({ min: 1, max: 10 }) })

  it('never reminds after the deadline, nor supervises before it is over, nor reports within the days allowed', () => {
    fc.assert(
      fc.property(days, fc.nat(20), rules, (from, term, given) => {
        const { due } = countDeadline(from, term, 'working', notice2026)
        const steps = ladder({ ...file, countedFrom: from, firstContactDueOn: due, dueOn: due }, given, notice2026)
        const on = new Map(steps.map((step) => [step.rung, step.on]))
        expect(steps).toHaveLength(3)
        expect((on.get('remind') ?? '') <= due).toBe(true)
        expect(on.get('supervise')).toBe(plusDays(due, 1))
        expect(workedBetween(due, on.get('report') ?? '')).toBe(given.reportAfterDays + 1)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a deadline', () => {
  it('on the same day is that day for what is counted in every day, and the next working day for what is not', () => {
    expect(countDeadline('2026-10-01', 0, 'calendar', notice2026)).toMatchObject({ due: '2026-10-01' })
    expect(countDeadline('2026-10-01', 0, 'working', notice2026)).toMatchObject({ due: '2026-10-08' })
  })

  it('that somebody else set holds when it is the earlier one', () => {
    const ours = countDeadline('2026-12-28', 13, 'working', notice2026)
    expect(ours.provisional).toBe(true)
    expect(notAfter(ours, '2026-12-30')).toMatchObject({ due: '2026-12-30', provisional: false })
    expect(notAfter(ours, '2027-12-30')).toEqual(ours)
  })

  const open = { ...file, countedDays: 3, extended: 0 }
  const allowed = { countedIn: 'working', extensions: 1, extensionDays: 5 } as const

  it('moves by working days, on its very day still', () => {
    expect(extend(open, 2, allowed, '2026-09-30', notice2026)).toMatchObject({ due: '2026-10-09', provisional: false })
    expect(extensionLeft(open, allowed, '2026-09-30')).toBe(5)
  })

  it.each([
    ['too late', open, 1, '2026-10-01', 'illegal_move'],
    ['given already', { ...open, extended: 1 }, 1, '2026-09-30', 'illegal_move'],
    ['over and done', { ...open, state: 'closed' as const }, 1, '2026-09-30', 'illegal_move'],
    ['too far', open, 6, '2026-09-30', 'invalid_input'],
  ])('moves no more when it is %s', (_, given, more, today, code) => {
    expect(() => extend(given, more, allowed, today, notice2026)).toThrow(expect.objectContaining({ code }))
  })
})

function workedBetween(after: string, until: string): number {
  let worked = 0
  for (let day = plusDays(after, 1); day <= until; day = plusDays(day, 1)) if (isWorkingDay(day, notice2026)) worked++
  return worked
}
