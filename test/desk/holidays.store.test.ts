import { afterAll, beforeAll, expect, it } from 'vitest'
import { seedHolidays } from '../../desk/holiday-seed.ts'
import { holidaysStore } from '../../desk/holidays.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { notice2026 } from './calendars.ts'

let database: TestDatabase
beforeAll(async () => void (database = await aDatabase()))
afterAll(() => database.drop())

it('keeps a year entered by hand, seeds the others, and seeds nothing twice', async () => {
  const { db } = database
  const byHand = { year: 2025, days: [{ day: '2025-07-01', kind: 'off' as const, name: '单位放假' }] }
  expect(await holidaysStore(db).keepYear(byHand)).toBe(true)

  const seeded = await seedHolidays(db)
  expect(seeded).toContain(2026)
  expect(seeded).not.toContain(2025)
  expect(seeded).not.toContain(2027)
  expect(await seedHolidays(db)).toEqual([])

  const calendar = await holidaysStore(db).calendar()
  const of2026 = (days: ReadonlySet<string>) => [...days].filter((day) => day.startsWith('2026')).sort()
  expect(of2026(calendar.off)).toEqual([...notice2026.off].sort())
  expect(of2026(calendar.worked)).toEqual([...notice2026.worked].sort())
  expect([...calendar.off].filter((day) => day.startsWith('2025'))).toEqual(['2025-07-01'])
  expect(calendar.years.has(2027)).toBe(false)
})

it('lets a later notice rule a day of the year before it', async () => {
  const store = holidaysStore(database.db)
  await store.keepYear({ year: 2031, days: [{ day: '2031-12-31', kind: 'off', name: '元旦' }] })
  await store.keepYear({ year: 2032, days: [{ day: '2031-12-31', kind: 'worked', name: '元旦' }] })
  const { off, worked } = await store.calendar()
  expect([off.has('2031-12-31'), worked.has('2031-12-31')]).toEqual([false, true])
})

it('seeds inside a transaction that somebody else opened', async () => {
  const fresh = await aDatabase()
  try {
    await expect(
      fresh.db.transaction().execute(async (tx) => {
        expect(await seedHolidays(tx)).toContain(2026)
        throw new Error('undone')
      }),
    ).rejects.toThrow('undone')
    expect((await holidaysStore(fresh.db).calendar()).years.size).toBe(0)
  } finally {
    await fresh.drop()
  }
})
