import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callbackDue, isKeepable } from '../../desk/callback.ts'
import { notice2026 } from './calendars.ts'

const at = (wall: string) => new Date(`${wall}:00+08:00`)
const due = (now: string, wanted?: string) => callbackDue(at(now), notice2026, wanted ? at(wanted) : undefined)

describe('a callback is due', () => {
  it.each([
    ['two hours on within office hours', '2026-11-23T09:00', '2026-11-23T11:00'],
    ['before closing when that is sooner', '2026-11-23T16:00', '2026-11-23T17:30'],
    ['the next working morning once closed', '2026-11-23T17:30', '2026-11-24T10:00'],
    ['the same morning before opening', '2026-11-23T03:00', '2026-11-23T10:00'],
    ['on Monday when asked on Sunday', '2026-11-22T12:00', '2026-11-23T10:00'],
    ['on Monday when asked on Friday night', '2026-11-20T23:30', '2026-11-23T10:00'],
    ['after the holiday when asked on its eve', '2026-09-30T18:00', '2026-10-08T10:00'],
    ['two hours on, on a worked Saturday', '2026-10-10T10:00', '2026-10-10T12:00'],
  ])('%s', (_when, now, expected) => {
    expect(due(now)).toEqual(at(expected))
  })

  it.each([
    ['at the wanted time in office hours', '2026-11-25T15:00', '2026-11-25T15:00'],
    ['on Monday instead of Saturday', '2026-12-12T15:00', '2026-12-14T10:00'],
    ['in the morning instead of three at night', '2026-11-24T03:00', '2026-11-24T10:00'],
    ['on the next working day instead of in the evening', '2026-11-23T21:00', '2026-11-24T10:00'],
    ['on Monday instead of Sunday', '2026-11-22T15:00', '2026-11-23T10:00'],
    ['up to thirty days ahead', '2026-12-22T12:00', '2026-12-22T12:00'],
  ])('%s', (_when, wanted, expected) => {
    expect(due('2026-11-22T12:00', wanted)).toEqual(at(expected))
  })

  it('by day on a Sunday while somebody is on the roster, and at night never', () => {
    const shifts = [{ day: '2026-11-22', from: '12:00', to: '12:00', staffId: 'a', rank: 1 }]
    const onRoster = (wanted: string) => callbackDue(at('2026-11-22T12:30'), notice2026, at(wanted), shifts)
    expect(onRoster('2026-11-22T15:00')).toEqual(at('2026-11-22T15:00'))
    expect(onRoster('2026-11-22T21:01')).toEqual(at('2026-11-23T10:00'))
    expect(onRoster('2026-11-23T03:00')).toEqual(at('2026-11-23T10:00'))
    expect(callbackDue(at('2026-11-22T12:30'), notice2026, undefined, shifts)).toEqual(at('2026-11-22T14:30'))
    const tomorrow = [{ ...(shifts[0] ?? expect.unreachable()), day: '2026-11-28', from: '09:00', to: '12:00' }]
    expect(callbackDue(at('2026-11-27T20:00'), notice2026, undefined, tomorrow)).toEqual(at('2026-11-28T09:00'))
  })

  it('never at a time at which nobody rings people up, whatever is wanted', () => {
    const moment = fc.date({ min: at('2026-01-01T00:00'), max: at('2026-12-01T00:00'), noInvalidDate: true })
    fc.assert(
      fc.property(moment, fc.option(fc.integer({ min: 1, max: 29 * 24 * 60 })), (now, minutes) => {
        const wanted = minutes === null ? undefined : new Date(now.getTime() + minutes * 60_000)
        const kept = callbackDue(now, notice2026, wanted)
        expect(isKeepable(kept, notice2026, [])).toBe(true)
        expect(kept >= now).toBe(true)
      }),
    )
  })

  it('as if none was wanted when the wanted time is past or more than 30 days off', () => {
    for (const wanted of ['2026-11-22T12:00', '2026-11-20T10:00', '2026-12-22T12:01', '2036-01-01T10:00'])
      expect(due('2026-11-22T12:00', wanted)).toEqual(at('2026-11-23T10:00'))
  })
})
