/** When repeated work is due: seconds as they are, cron as the wall in Shanghai shows it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latestSlot } from '../../server/job-times.ts'

const at = (text: string) => new Date(`${text}:00+08:00`)

describe('every so many seconds', () => {
  it('has one slot for all moments between two', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 86_400 }),
        fc.date({ min: at('2020-01-01T00:00'), max: at('2035-01-01T00:00'), noInvalidDate: true }),
        (seconds, now) => {
          const slot = latestSlot(seconds, now)
          const age = now.getTime() - slot.getTime()
          expect(age).toBeGreaterThanOrEqual(0)
          expect(age).toBeLessThan(seconds * 1_000)
          expect(latestSlot(seconds, slot)).toEqual(slot)
        },
      ),
    )
  })
})

describe('cron', () => {
  it.each([
    ['30 3 * * *', '2026-11-22T03:29', '2026-11-21T03:30'],
    ['30 3 * * *', '2026-11-22T03:30', '2026-11-22T03:30'],
    ['*/15 8-17 * * 1-5', '2026-11-22T09:00', '2026-11-20T17:45'],
    ['0 9 * * 7', '2026-11-22T10:00', '2026-11-22T09:00'],
    ['0 0 1 * *', '2026-11-22T10:00', '2026-11-01T00:00'],
    ['0 0 29 2 *', '2026-11-22T10:00', '2024-02-29T00:00'],
    ['0 12 1 1 1', '2026-01-13T00:00', '2026-01-12T12:00'],
    ['5,35 10/4 * * *', '2026-11-22T13:59', '2026-11-22T10:35'],
  ])('"%s" was last due before %s at %s', (cron, now, due) => {
    expect(latestSlot(cron, at(now))).toEqual(at(due))
  })

  it('reads the wall in Shanghai whatever zone the machine is in', () => {
    expect(latestSlot('0 0 * * *', new Date('2026-11-22T15:59:00Z'))).toEqual(new Date('2026-11-21T16:00:00Z'))
    expect(latestSlot('0 0 * * *', new Date('2026-11-22T16:00:00Z'))).toEqual(new Date('2026-11-22T16:00:00Z'))
  })

  it.each([
    '',
    '* * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '5-1 * * * *',
    '*/0 * * * *',
    'a * * * *',
  ])('refuses "%s"', (cron) => {
    expect(() => latestSlot(cron, at('2026-11-22T10:00'))).toThrow('is not cron')
  })

  it('refuses a day that never comes', () => {
    expect(() => latestSlot('0 0 31 2 *', at('2026-11-22T10:00'))).toThrow('never comes')
  })
})
