/**
 * Who takes a call that comes in: by the number that was called, the hour in Asia/Shanghai, and who is free. The table
 * is given by the server; a day that the holiday notice moved is told with it. No row for an hour means after hours.
 */
import type { DeskNow, LineMode, LineTable } from '../../contract/phone-events.ts'

export type Taker = { mode: LineMode; taker: 'bot' | 'person'; mayPassToPerson: boolean }

const wallClock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
})

export function lineModeAt(table: LineTable, line: string, now: Date): LineMode {
  const [day = '', time = ''] = wallClock.format(now).split(' ')
  const isWorked = table.moved[day] ? table.moved[day] === 'worked' : isWeekday(day)
  const rows = table.lines[line] ?? table.otherLines
  const row = rows.find(
    ({ on, from, to }) => (on === 'every-day' || (on === 'workdays') === isWorked) && from <= time && time < to,
  )
  return row?.mode ?? 'after-hours'
}

/** Who picks up. A person-first line rings people even when all are busy: that queue is its owner's will. */
export function takerOf(table: LineTable, line: string, now: Date, desk: DeskNow): Taker {
  const mode = lineModeAt(table, line, now)
  switch (mode) {
    case 'bot-first':
      return { mode, taker: 'bot', mayPassToPerson: true }
    case 'person-first':
      return { mode, taker: 'person', mayPassToPerson: true }
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

function isWeekday(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday >= 1 && weekday <= 5
}
