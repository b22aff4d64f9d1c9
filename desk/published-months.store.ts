/** Months as they were published, in PostgreSQL: each once, and never changed. A month is 'YYYY-MM'. */
import { sql } from 'kysely'
import type { PublishedMonth } from './published-month.ts'
import type { RatingTables } from './rating-tables.ts'
import type { Db } from './tables.ts'

export function publishedMonthsStore(db: Db) {
  const d = db.withTables<RatingTables>()
  const firstOf = (month: string) => `${month}-01`
  return {
    /** The first to publish it is the one that did. */
    async keep(month: string, content: PublishedMonth, now: Date): Promise<void> {
      await d
        .insertInto('published_month')
        .values({ month: firstOf(month), published_at: now, content: JSON.stringify(content) })
        .onConflict((known) => known.doNothing())
        .execute()
    },

    async has(month: string): Promise<boolean> {
      const found = d.selectFrom('published_month').select('month').where('month', '=', firstOf(month))
      return (await found.executeTakeFirst()) !== undefined
    },

    /** The newest first. */
    async months(): Promise<string[]> {
      const rows = await d
        .selectFrom('published_month')
        .select(sql<string>`to_char(month, 'YYYY-MM')`.as('name'))
        .orderBy('month', 'desc')
        .execute()
      return rows.map(({ name }) => name)
    },

    async find(month: string): Promise<{ publishedAt: Date; content: PublishedMonth } | undefined> {
      const row = await d
        .selectFrom('published_month')
        .select(['published_at', 'content'])
        .where('month', '=', firstOf(month))
        .executeTakeFirst()
      return row && { publishedAt: row.published_at, content: row.content }
    },
  }
}
