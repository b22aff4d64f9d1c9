import { describe, expect, it } from 'vitest'
import { callbackDue } from '../../desk/callback.ts'
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

  it('at the wanted time, be it at night', () => {
    expect(due('2026-11-22T12:00', '2026-11-22T21:00')).toEqual(at('2026-11-22T21:00'))
    expect(due('2026-11-22T12:00', '2026-12-22T12:00')).toEqual(at('2026-12-22T12:00'))
  })

  it('as if none was wanted when the wanted time is past or more than 30 days off', () => {
    for (const wanted of ['2026-11-22T12:00', '2026-11-20T10:00', '2026-12-22T12:01', '2036-01-01T10:00'])
      expect(due('2026-11-22T12:00', wanted)).toEqual(at('2026-11-23T10:00'))
  })
})
