/** A moment as it stands on the bureau's wall, "2026-11-22 10:05", and the way back. */
const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' })
/** Days between 1899-12-30, from which spreadsheets count, and 1970-01-01. */
const spreadsheetEpoch = 25_569
const dayMs = 86_400_000
const minuteMs = 60_000

export const wallTime = (moment: string): string => parts.format(new Date(moment))

/**
 * "2026-11-22 10:05", "2026/1/5 9:05:00", "2026年11月22日 10:05" and the number that a spreadsheet keeps a moment as.
 * @returns ISO 8601 with the bureau's offset; anything else as it was written.
 */
export function momentOf(written: string): string {
  if (/^\d{5}(\.\d+)?$/.test(written)) {
    const ms = Math.round(((Number(written) - spreadsheetEpoch) * dayMs) / minuteMs) * minuteMs
    return `${new Date(ms).toISOString().slice(0, 19)}+08:00`
  }
  const found = /^(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(
    written,
  )
  if (!found) return written
  const [, year = '', month = '', day = '', hour = '0', minute = '00', second = '00'] = found
  const two = (part: string) => part.padStart(2, '0')
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}+08:00`
}

/** The day of it alone. */
export const dayIn = (written: string): string => {
  const moment = momentOf(written)
  return moment === written ? written : moment.slice(0, 10)
}
