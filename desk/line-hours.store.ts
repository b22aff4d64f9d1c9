/** Who picks up at which hour, by called number, in PostgreSQL. The rows of a number are replaced together. */
import type { LineHours } from '../contract/phone-events.ts'
import type { QueueTables } from './queue-tables.ts'
import type { Db } from './tables.ts'
import { inTransaction } from './transaction.ts'

export type LineRows = { line: string; hours: LineHours[] }

export function lineHoursStore(db: Db) {
  return {
    async all(): Promise<LineRows[]> {
      const rows = await db
        .withTables<QueueTables>()
        .selectFrom('line_hours')
        .selectAll()
        .orderBy('line')
        .orderBy('place')
        .execute()
      const lines = new Map<string, LineHours[]>()
      for (const { line, on_days, from_time, to_time, mode } of rows)
        lines.set(line, [...(lines.get(line) ?? []), { on: on_days, from: from_time, to: to_time, mode }])
      return [...lines].map(([line, hours]) => ({ line, hours }))
    },

    /** Without rows the number is like all others again. */
    keep({ line, hours }: LineRows): Promise<void> {
      return inTransaction(db, async (tx) => {
        const t = tx.withTables<QueueTables>()
        await t.deleteFrom('line_hours').where('line', '=', line).execute()
        const kept = hours.map(({ on, from, to, mode }, place) => ({
          ...{ line, place, on_days: on, mode },
          from_time: from,
          to_time: to,
        }))
        if (kept.length > 0) await t.insertInto('line_hours').values(kept).execute()
      })
    },
  }
}
