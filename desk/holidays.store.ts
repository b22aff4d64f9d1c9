/** The yearly notices in PostgreSQL, a year whole or not at all. */
import type { HolidayNotice, HolidayYearView } from '../contract/holiday.ts'
import type { Db, DeskTables } from './tables.ts'
import { inTransaction } from './transaction.ts'
import type { Calendar } from './working-days.ts'

export type HolidayYear = { year: number; days: { day: string; kind: 'off' | 'worked'; name: string }[] }
export type HolidaysStore = ReturnType<typeof holidaysStore>

export function holidaysStore(db: Db) {
  return {
    /** @returns false, and nothing changed, when the year is known already. */
    keepYear({ year, days }: HolidayYear): Promise<boolean> {
      return inTransaction(db, async (tx) => {
        const d = tx.withTables<DeskTables>()
        const made = await d
          .insertInto('holiday_year')
          .values({ year })
          .onConflict((known) => known.doNothing())
          .returning('year')
          .executeTakeFirst()
        if (!made) return false
        await keepDays(tx, year, days)
        return true
      })
    },

    /** In the place of whatever was known of that year. */
    async replaceYear({ year, notice, days }: HolidayNotice, staffId: string, now: Date): Promise<void> {
      await inTransaction(db, async (tx) => {
        const d = tx.withTables<DeskTables>()
        const entered = { notice, entered_by: staffId, entered_at: now }
        await d
          .insertInto('holiday_year')
          .values({ year, ...entered })
          .onConflict((known) => known.column('year').doUpdateSet(entered))
          .execute()
        await d.deleteFrom('holiday').where('year', '=', year).execute()
        await keepDays(tx, year, days)
      })
    },

    async year(year: number): Promise<HolidayYearView | undefined> {
      const d = db.withTables<DeskTables>()
      const known = await d
        .selectFrom('holiday_year')
        .leftJoin('staff', 'staff.id', 'holiday_year.entered_by')
        .select(['holiday_year.notice', 'holiday_year.entered_at', 'staff.display_name'])
        .where('year', '=', year)
        .executeTakeFirst()
      if (!known) return undefined
      const days = await d
        .selectFrom('holiday')
        .select(['day', 'kind', 'name'])
        .where('year', '=', year)
        .orderBy('day')
        .execute()
      return {
        year,
        days,
        notice: known.notice ?? undefined,
        enteredBy: known.display_name ?? undefined,
        enteredAt: known.entered_at?.toISOString(),
      }
    },

    async calendar(): Promise<Calendar> {
      const d = db.withTables<DeskTables>()
      const years = await d.selectFrom('holiday_year').select('year').execute()
      const days = await d.selectFrom('holiday').select(['day', 'kind']).execute()
      const of = (kind: 'off' | 'worked') => new Set(days.filter((day) => day.kind === kind).map(({ day }) => day))
      return { off: of('off'), worked: of('worked'), years: new Set(years.map(({ year }) => year)) }
    },
  }
}

/** A notice may rule a day of the year before (a worked 29 December): the later notice holds. */
async function keepDays(tx: Db, year: number, days: HolidayYear['days']): Promise<void> {
  if (days.length === 0) return
  const d = tx.withTables<DeskTables>()
  await d
    .insertInto('holiday')
    .values(days.map((day) => ({ ...day, year })))
    .onConflict((known) =>
      known.column('day').doUpdateSet((row) => ({
        kind: row.ref('excluded.kind'),
        name: row.ref('excluded.name'),
        year: row.ref('excluded.year'),
      })),
    )
    .execute()
}
