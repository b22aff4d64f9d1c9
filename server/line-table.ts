/**
 * Who picks up at which hour, as the phone is told it: what supervisors keep by number, else LINE_MODE, which holds
 * for office hours on working days; outside them the bot answers and books callbacks, unless it answers all day.
 */
import { chatLines, type LineHours, type LineMode, type LineTable } from '../contract/phone-events.ts'
import { holidaysStore } from '../desk/holidays.store.ts'
import { lineHoursStore, type LineRows } from '../desk/line-hours.store.ts'
import { officeHours, type Calendar } from '../desk/working-days.ts'
import type { Db } from './db/database.ts'

const overflowAfterSeconds = 30

/** Where nothing is kept for every number. */
export function hoursByDefault(mode: LineMode): LineHours[] {
  if (mode === 'bot-first') return [{ on: 'every-day', from: '00:00', to: '24:00', mode }]
  return [{ on: 'workdays', ...officeHours, mode }]
}

/** @param named the lines whose own rows are told; every called number when absent. */
export function lineTable(
  mode: LineMode,
  { off, worked }: Calendar,
  kept: readonly LineRows[] = [],
  named?: readonly string[],
): LineTable {
  const moved: Record<string, 'worked' | 'off'> = {}
  for (const day of off) moved[day] = 'off'
  for (const day of worked) moved[day] = 'worked'
  const isTold = (line: string) => (named ? named.includes(line) : line !== '' && !isChat(line))
  const lines = Object.fromEntries(kept.filter(({ line }) => isTold(line)).map(({ line, hours }) => [line, hours]))
  const otherLines = kept.find(({ line }) => line === '')?.hours ?? hoursByDefault(mode)
  return { lines, otherLines, moved, overflowAfterSeconds }
}

export async function lineTableNow(db: Db, mode: LineMode, named?: readonly string[]): Promise<LineTable> {
  return lineTable(mode, await holidaysStore(db).calendar(), await lineHoursStore(db).all(), named)
}

const isChat = (line: string) => chatLines.some((chat) => chat === line)
