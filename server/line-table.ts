/**
 * Who picks up at which hour, as the phone is told it. LINE_MODE holds for office hours on working days; outside them
 * the bot answers and books callbacks, unless the line is the bot's all day.
 */
import type { LineMode, LineTable } from '../contract/phone-events.ts'
import type { Calendar } from '../desk/working-days.ts'

const officeHours = { from: '09:00', to: '17:30' }
const overflowAfterSeconds = 30

export function lineTable(mode: LineMode, { off, worked }: Calendar): LineTable {
  const moved: Record<string, 'worked' | 'off'> = {}
  for (const day of off) moved[day] = 'off'
  for (const day of worked) moved[day] = 'worked'
  const always = { on: 'every-day', from: '00:00', to: '24:00' } as const
  const otherLines = mode === 'bot-first' ? [{ ...always, mode }] : [{ on: 'workdays' as const, ...officeHours, mode }]
  return { lines: {}, otherLines, moved, overflowAfterSeconds }
}
