/** The yearly notices in PostgreSQL, a year whole or not at all. */
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
        // A notice may rule a day of the year before (a worked 29 December): the later notice holds.
        if (days.length > 0)
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
        return true
      })
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
