import { describe, expect, it } from 'vitest'
import { dueAfterTry, isForgotten, triesIn } from '../../desk/callback-tries.ts'
import { notice2026 } from './calendars.ts'

const at = (wall: string) => new Date(`${wall}:00+08:00`)

describe('a callback that was not answered is due again', () => {
  it.each([
    ['half an hour after the first try', 1, '2026-11-23T09:00', '2026-11-23T09:30'],
    ['two hours after the second', 2, '2026-11-23T09:30', '2026-11-23T11:30'],
    ['on the next working morning after that', 3, '2026-11-20T11:30', '2026-11-23T10:00'],
    ['on the next working morning where nobody is there any more', 1, '2026-11-20T17:15', '2026-11-23T10:00'],
  ])('%s', (_when, tries, now, expected) => {
    expect(dueAfterTry(tries, 5, at(now), notice2026, [])).toEqual(at(expected))
  })

  it('until it was tried as often as is to be', () => {
    expect(dueAfterTry(3, 3, at('2026-11-23T11:30'), notice2026, [])).toBeUndefined()
    expect(dueAfterTry(1, 1, at('2026-11-23T11:30'), notice2026, [])).toBeUndefined()
  })
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
