/**
 * Who takes whoever comes in: by the number that was called, or the web or WeChat as such, by the hour in Asia/Shanghai, and
 * by who is free. The phone and the bot ask the same rule. The table is kept by the server; a day that the holiday notice
 * moved is told with it. No row for an hour means after hours.
 */
import type { DeskNow, LineDays, LineMode, LineTable } from './phone-events.ts'

export type Taker = { mode: LineMode; taker: 'bot' | 'person'; mayPassToPerson: boolean }

const wallClock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
})

export function lineModeAt(table: LineTable, line: string, now: Date): LineMode {
  const [day = '', time = ''] = wallClock.format(now).split(' ')
  const days = daysOf(day, table.moved[day])
  const rows = table.lines[line] ?? table.otherLines
  return rows.find(({ on, from, to }) => days.includes(on) && from <= time && time < to)?.mode ?? 'after-hours'
}

/**
 * Who picks up. A person-first line rings people even when all are busy: that queue is its owner's will. With nobody at a
 * desk who takes this channel it is the bot, on any line: a person is promised only where there is one.
 */
export function takerOf(table: LineTable, line: string, now: Date, desk: DeskNow): Taker {
  const mode = lineModeAt(table, line, now)
  switch (mode) {
    case 'bot-first':
      return { mode, taker: 'bot', mayPassToPerson: true }
    case 'person-first':
      return { mode, taker: desk.takers > 0 ? 'person' : 'bot', mayPassToPerson: true }
    case 'overflow': {
      const isOverflowing = desk.free === 0 || desk.longestWaitSeconds > table.overflowAfterSeconds
      return { mode, taker: isOverflowing ? 'bot' : 'person', mayPassToPerson: true }
    }
    case 'after-hours':
      return { mode, taker: 'bot', mayPassToPerson: false }
  }
}

/** A caller who was given to people and is still waiting: does the bot offer itself now. */
export function botStepsIn(table: LineTable, mode: LineMode, waitedSeconds: number): boolean {
  return mode === 'overflow' && waitedSeconds > table.overflowAfterSeconds
}

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

/** Which rows speak of this day. A moved day is no weekday any more: a worked Saturday has the hours of workdays. */
function daysOf(day: string, moved: 'worked' | 'off' | undefined): LineDays[] {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  if (moved) return ['every-day', moved === 'worked' ? 'workdays' : 'restdays']
  return ['every-day', weekday >= 1 && weekday <= 5 ? 'workdays' : 'restdays', weekdays[weekday] ?? 'sun']
}
