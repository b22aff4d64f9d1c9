/** The hours of the web and of WeChat as the bot asks for them: kept in mind for a moment, and read anew when they change. */
import type { ChatLines } from '../bot/line-taker.ts'
import { chatLines as lineNames, type LineHours, type LineTable } from '../contract/phone-events.ts'
import type { Db } from './db/database.ts'
import { lineTableNow } from './line-table.ts'

/** Another node may have changed them. */
const keptMs = 5_000

/** Where nothing is kept for a line that people write on: the bot first, all day, and a person whenever one is there. */
export const chatHoursByDefault: LineHours[] = [{ on: 'every-day', from: '00:00', to: '24:00', mode: 'bot-first' }]

export function chatLines(): ChatLines & { forget: () => void } {
  let kept: { table: LineTable; atMs: number } | undefined
  return {
    async table(tx: Db, now: Date): Promise<LineTable> {
      const atMs = now.getTime()
      if (kept && Math.abs(atMs - kept.atMs) < keptMs) return kept.table
      const { lines, ...common } = await lineTableNow(tx, 'bot-first', lineNames)
      const table = { ...common, lines, otherLines: chatHoursByDefault }
      kept = { table, atMs }
      return table
    },
    forget: () => (kept = undefined),
  }
}
