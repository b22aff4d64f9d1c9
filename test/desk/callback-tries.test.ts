import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueAfterTry, halfDayOf, isForgotten, triesIn } from '../../desk/callback-tries.ts'
import { notice2026 } from './calendars.ts'

const at = (wall: string) => new Date(`${wall}:00+08:00`)

const due = (tries: readonly string[], most: number) => {
  const unanswered = tries.map(at)
  return dueAfterTry(unanswered, most, unanswered.at(-1) ?? at('2026-11-23T09:00'), notice2026, [])
}

describe('a callback that was not answered is due again', () => {
  it.each([
    ['half an hour after the first try', ['2026-11-23T09:00'], 3, '2026-11-23T09:30'],
    ['half an hour after the first of many', ['2026-11-23T09:00'], 5, '2026-11-23T09:30'],
    ['two hours after the second of many', ['2026-11-23T09:00', '2026-11-23T09:30'], 5, '2026-11-23T11:30'],
    ['in the afternoon for the last time', ['2026-11-23T09:00', '2026-11-23T09:30'], 3, '2026-11-23T14:30'],
    ['on the next working morning for the last time', ['2026-11-20T15:00', '2026-11-20T15:30'], 3, '2026-11-23T10:00'],
    ['two hours later where both halves were tried', ['2026-11-23T11:45', '2026-11-23T12:15'], 3, '2026-11-23T14:15'],
    ['in the afternoon at once where two tries are all', ['2026-11-23T09:00'], 2, '2026-11-23T14:30'],
    ['on the next working morning where nobody is there any more', ['2026-11-20T17:15'], 3, '2026-11-23T10:00'],
    [
      'once more where all were of one morning',
      ['2026-11-23T09:00', '2026-11-23T09:20', '2026-11-23T09:40'],
      3,
      '2026-11-23T14:30',
    ],
  ])('%s', (_when, tries, most, expected) => {
    expect(due(tries, most)).toEqual(at(expected))
  })

  it('until it was tried as often as is to be', () => {
    expect(due(['2026-11-23T09:00', '2026-11-23T09:30', '2026-11-23T14:30'], 3)).toBeUndefined()
    expect(due(['2026-11-23T09:00'], 1)).toBeUndefined()
  })
})

const moments = fc.date({ min: at('2026-01-05T00:00'), max: at('2026-12-20T23:59'), noInvalidDate: true })

it('rung whenever it is due, is tried just as often as is to be, in more than one morning or afternoon', () => {
  fc.assert(
    fc.property(moments, fc.integer({ min: 1, max: 9 }), (first, most) => {
      const tries = [first]
      for (let next = dueAfterTry(tries, most, first, notice2026, []); next; ) {
        expect(next.getTime()).toBeGreaterThan(tries.at(-1)?.getTime() ?? 0)
        tries.push(next)
        next = dueAfterTry(tries, most, next, notice2026, [])
      }
      expect(tries).toHaveLength(most)
      expect(new Set(tries.map(halfDayOf)).size).toBeGreaterThanOrEqual(Math.min(2, most))
    }),
  )
})

it('rung at any odd times, is given up only after enough tries and never within one morning or afternoon', () => {
  const waits = fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 12 })
  fc.assert(
    fc.property(moments, waits, fc.integer({ min: 2, max: 9 }), (first, minutes, most) => {
      const tries = [first]
      for (const wait of minutes) tries.push(new Date((tries.at(-1)?.getTime() ?? 0) + wait * 60_000))
      const isOver = dueAfterTry(tries, most, tries.at(-1) ?? first, notice2026, []) === undefined
      expect(isOver).toBe(triesIn(tries) >= most && new Set(tries.map(halfDayOf)).size > 1)
    }),
  )
})

it('counts rings that follow one another at once as one try', () => {
  const times = ['09:00', '09:05', '09:09', '09:10', '09:31'].map((time) => at(`2026-11-23T${time}`))
  expect(triesIn(times)).toBe(3)
  expect(triesIn(times.toReversed())).toBe(3)
  expect(triesIn([])).toBe(0)
})

it('takes from whoever forgot it after half an hour, and after two minutes from whoever is gone', () => {
  const taken = at('2026-11-23T09:00')
  const after = (minutes: number) => new Date(taken.getTime() + minutes * 60_000)
  expect([isForgotten(taken, false, after(29)), isForgotten(taken, false, after(30))]).toEqual([false, true])
  expect([isForgotten(taken, true, after(1)), isForgotten(taken, true, after(2))]).toEqual([false, true])
})
