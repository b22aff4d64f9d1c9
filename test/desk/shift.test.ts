import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NewShift } from '../../contract/shift.ts'
import {
  copiedWeek,
  daysAfter,
  endOf,
  mayStillCome,
  mondayOf,
  nextOnDuty,
  officeShifts,
  onDuty,
  startOf,
  toTell,
} from '../../desk/shift.ts'
import { notice2026 } from './calendars.ts'

const at = (wall: string) => new Date(`${wall}:00+08:00`)
const aShift = (staffId: string, given: Partial<NewShift> = {}): NewShift => ({
  ...{ day: '2026-11-22', from: '18:00', to: '08:00', staffId, rank: 1 },
  ...given,
})
const names = (shifts: readonly NewShift[]) => shifts.map(({ staffId }) => staffId)
const minute = 60_000

describe('on duty', () => {
  const night = aShift('night')
  it('is who is there now, over midnight too, the end left out', () => {
    expect(names(onDuty([night], at('2026-11-22T17:59')))).toEqual([])
    expect(names(onDuty([night], at('2026-11-22T18:00')))).toEqual(['night'])
    expect(names(onDuty([night], at('2026-11-23T07:59')))).toEqual(['night'])
    expect(names(onDuty([night], at('2026-11-23T08:00')))).toEqual([])
    expect(endOf(aShift('late', { to: '24:00' }))).toEqual(at('2026-11-23T00:00'))
  })

  it('is in the order of telling, everybody once', () => {
    const all = [aShift('second', { rank: 2 }), aShift('first'), aShift('first', { from: '19:00', rank: 3 })]
    expect(names(onDuty(all, at('2026-11-22T20:00')))).toEqual(['first', 'second'])
    expect(nextOnDuty(all, at('2026-11-22T12:00'))?.staffId).toBe('first')
  })
})

describe('whoever waits and is not taken', () => {
  const asked = at('2026-11-22T20:00')
  const after = (minutes: number) => new Date(asked.getTime() + minutes * minute)
  const shifts = [aShift('a'), aShift('b', { rank: 2 })]
  const told = (minutes: number, before: string[], isStaffed = true) =>
    toTell({ askedAt: asked, told: before, isStaffed }, shifts, after(minutes), 3 * minute)?.staffId

  it('is told to one after the other of the roster, and to nobody twice', () => {
    expect([told(2, []), told(3, []), told(5, ['a']), told(6, ['a']), told(60, ['a', 'b'])]).toEqual([
      undefined,
      'a',
      undefined,
      'b',
      undefined,
    ])
  })

  it('is told at once where nobody is at a desk, and waits until the last one has had their time', () => {
    expect([told(0, [], false), told(2, ['a'], false), told(3, ['a'], false)]).toEqual(['a', undefined, 'b'])
    expect(mayStillCome(asked, 2, after(5), 3 * minute)).toBe(true)
    expect(mayStillCome(asked, 2, after(6), 3 * minute)).toBe(false)
    expect(mayStillCome(asked, 0, asked, 3 * minute)).toBe(false)
  })

  it('is told to whoever can be reached again, and not a second time to whoever was', () => {
    // The first could not be reached when it began; the second was told in their place.
    expect([told(3, ['b'], false), told(60, ['a', 'b'], false)]).toEqual(['a', undefined])
  })
})

it('copies a week to the same weekdays, hours and people', () => {
  const day = fc.nat(400).map((count) => daysAfter('2026-01-01', count))
  fc.assert(
    fc.property(day, day, fc.nat(6), (from, to, weekday) => {
      const [copied] = copiedWeek([aShift('a', { day: daysAfter(mondayOf(from), weekday) })], from, to)
      expect(copied).toEqual(aShift('a', { day: daysAfter(mondayOf(to), weekday) }))
    }),
  )
  expect(copiedWeek([aShift('a', { day: '2026-11-23' })], '2026-11-22', '2026-12-01')).toEqual([])
})

it('makes shifts of office hours on working days alone, 调休 counted', () => {
  const days = new Set(officeShifts('2026-10', ['a', 'b'], notice2026).map((shift) => shift.day))
  expect(days.has('2026-10-01')).toBe(false)
  expect(days.has('2026-10-10')).toBe(true)
  expect(days.has('2026-10-11')).toBe(false)
  const [first, second] = officeShifts('2026-11', ['a', 'b'], notice2026)
  expect([first, second]).toEqual([
    { day: '2026-11-02', from: '09:00', to: '17:30', staffId: 'a', rank: 1 },
    { day: '2026-11-02', from: '09:00', to: '17:30', staffId: 'b', rank: 2 },
  ])
  expect(startOf(first ?? aShift('a'))).toEqual(at('2026-11-02T09:00'))
})
