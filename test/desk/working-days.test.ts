import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Problem } from '../../contract/problem.ts'
import data from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { noticesIn } from '../../desk/holiday-seed.ts'
import {
  businessDay,
  businessMinute,
  businessTime,
  dueAfter,
  isWorkingDay,
  workingDayBefore,
  type Calendar,
} from '../../desk/working-days.ts'
import { notice2026 } from './calendars.ts'

describe('working days', () => {
  it('counts five working days from the eve of National Day to 13 October, a worked Saturday included', () => {
    expect(dueAfter('2026-09-30', 5, notice2026)).toEqual({ due: '2026-10-13', provisional: false })
  })

  it('knows a worked Saturday, a holiday on a weekday, and plain days', () => {
    expect(isWorkingDay('2026-10-10', notice2026)).toBe(true)
    expect(isWorkingDay('2026-10-01', notice2026)).toBe(false)
    expect(isWorkingDay('2026-11-21', notice2026)).toBe(false)
    expect(isWorkingDay('2026-11-23', notice2026)).toBe(true)
  })

  it('takes the day itself for 0 days when it is worked, else the next worked one', () => {
    expect(dueAfter('2026-11-23', 0, notice2026).due).toBe('2026-11-23')
    expect(dueAfter('2026-11-22', 0, notice2026).due).toBe('2026-11-23')
    expect(dueAfter('2026-10-01', 0, notice2026).due).toBe('2026-10-08')
  })

  it('says that a deadline in a year without its notice is provisional', () => {
    expect(dueAfter('2026-12-25', 4, notice2026)).toEqual({ due: '2026-12-31', provisional: false })
    expect(dueAfter('2026-12-25', 5, notice2026)).toEqual({ due: '2027-01-01', provisional: true })
  })

  it('is provisional when the count only passes through such a year', () => {
    const gap: Calendar = { off: new Set(), worked: new Set(), years: new Set([2025, 2027]) }
    expect(dueAfter('2025-12-31', 270, gap)).toMatchObject({ due: '2027-01-13', provisional: true })
  })

  it('refuses to count out of the calendar, and names the field', () => {
    expect(() => dueAfter('9999-12-31', 1, notice2026)).toThrow(Problem)
  })

  it('agrees with a brute-force count', () => {
    const dayIn2026 = fc.integer({ min: 0, max: 364 }).map((n) => plusDays('2026-01-01', n))
    const calendars = fc.record({
      off: fc.uniqueArray(dayIn2026, { maxLength: 60 }).map((days) => new Set(days)),
      worked: fc.uniqueArray(dayIn2026, { maxLength: 60 }).map((days) => new Set(days)),
      years: fc.constant(new Set([2026])),
    })
    fc.assert(
      fc.property(dayIn2026, fc.integer({ min: 0, max: 250 }), calendars, (from, days, calendar) => {
        expect(dueAfter(from, days, calendar)).toEqual(bruteForce(from, days, calendar))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the notices of every year that ship with the product', () => {
  const notices = noticesIn(data)
  const of = (kind: 'off' | 'worked') =>
    new Set(notices.flatMap(({ days }) => days.filter((day) => day.kind === kind).map(({ day }) => day)))
  const years = new Set(notices.map(({ year }) => year))
  const calendar: Calendar = { off: of('off'), worked: of('worked'), years }
  const [first, last] = [Math.min(...years), Math.max(...years)]
  const all = Array.from({ length: (last - first + 3) * 366 }, (_, n) => plusDays(`${first}-01-01`, n))
  // Day by day, as somebody would tick them off on the printed notices.
  const ticked = all.filter((day) => {
    if (calendar.worked.has(day)) return true
    return !calendar.off.has(day) && ![0, 6].includes(new Date(Date.parse(day)).getUTCDay())
  })

  // Where in `ticked` each day stands, or the next one that is ticked.
  const place = new Map<string, number>()
  let passed = 0
  for (const day of all) {
    place.set(day, passed)
    if (ticked[passed] === day) passed++
  }

  it('agree with a brute-force count of 10,000 random deadlines, 调休 and all', () => {
    const lastDay = all.indexOf(`${last}-12-31`)
    const plain: Calendar = { off: new Set(), worked: new Set(), years }
    let [looked, moved] = [0, 0]
    fc.assert(
      fc.property(fc.integer({ min: 0, max: lastDay }), fc.integer({ min: 0, max: 250 }), (n, days) => {
        const from = all[n] ?? ''
        const next = place.get(from) ?? NaN
        const first = days > 0 && ticked[next] === from ? next + 1 : next
        const due = ticked[first + Math.max(days, 1) - 1] ?? ''
        expect(dueAfter(from, days, calendar)).toEqual({ due, provisional: due > `${last}-12-31` })
        if (n % 20 !== 0) return
        looked++
        if (dueAfter(from, days, plain).due !== due) moved++
      }),
      { numRuns: 10_000 },
    )
    // A calendar that nobody looked at would agree with itself.
    expect(moved / looked).toBeGreaterThan(0.5)
  })

  it('count back as they count ahead', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ticked.slice(300)), fc.integer({ min: 1, max: 60 }), (day, days) => {
        const before = workingDayBefore(day, days, calendar)
        expect(dueAfter(before, days, calendar).due).toBe(day)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the wall clock of the bureau', () => {
  it('is eight hours ahead of UTC, whatever zone the process runs in', () => {
    const before = process.env.TZ
    try {
      for (const zone of ['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Shanghai']) {
        process.env.TZ = zone
        expect(businessDay(new Date('2026-11-22T15:59:59Z'))).toBe('2026-11-22')
        expect(businessDay(new Date('2026-11-22T16:00:00Z'))).toBe('2026-11-23')
        expect(businessMinute(new Date('2026-11-22T16:05:00Z'))).toBe(5)
        expect(businessTime('2026-11-23', '10:00').toISOString()).toBe('2026-11-23T02:00:00.000Z')
      }
    } finally {
      if (before === undefined) delete process.env.TZ
      else process.env.TZ = before
    }
  })
})

describe('the shipped notices', () => {
  it('take only years whose National Day is in the data, not one with a stray day', () => {
    const holidays = { '2026-10-01': 'National Day,国庆节,3', '2027-01-01': "New Year's Day,元旦,1" }
    const found = noticesIn({ holidays, workdays: { '2026-10-10': 'National Day,国庆节,3' } })
    expect(found).toEqual([
      {
        year: 2026,
        days: [
          { day: '2026-10-01', kind: 'off', name: '国庆节' },
          { day: '2026-10-10', kind: 'worked', name: '国庆节' },
        ],
      },
    ])
  })
})

/** Lists every day for two years by milliseconds, then picks; nothing shared with the code under test. */
function bruteForce(from: string, days: number, calendar: Calendar) {
  const ahead = Array.from({ length: 800 }, (_, n) => plusDays(from, n + (days === 0 ? 0 : 1)))
  const worked = ahead.filter((day) => {
    const weekend = [0, 6].includes(new Date(Date.parse(day)).getUTCDay())
    return calendar.worked.has(day) || (!weekend && !calendar.off.has(day))
  })
  const due = worked[days === 0 ? 0 : days - 1] ?? ''
  return { due, provisional: due > '2026-12-31' }
}

function plusDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
}
