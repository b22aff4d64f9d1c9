/** Days and times as the bureau reads them, always in its own zone whatever the machine's. */
const zone = 'Asia/Shanghai'
const dayParts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
const clock = new Intl.DateTimeFormat('zh-CN', { timeZone: zone, hour: '2-digit', minute: '2-digit', hour12: false })
const clockWithSeconds = new Intl.DateTimeFormat('zh-CN', {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
})

/** YYYY-MM-DD of a moment. */
export const dayOf = (moment: Date | string): string => dayParts.format(new Date(moment))
export const timeOf = (moment: string): string => clock.format(new Date(moment))

/** "11月22日 14:05", "今天 14:05", with the year when it is not this one. */
export function momentWords(moment: string, now: Date): string {
  const day = dayOf(moment)
  return `${day === dayOf(now) ? '今天' : dayWords(day, now)} ${timeOf(moment)}`
}

/** "11月22日", or "2027年1月4日" when the year is another. */
export function dayWords(day: string, now: Date): string {
  const [year = '', month = '', date = ''] = day.split('-')
  const short = `${Number(month)}月${Number(date)}日`
  return dayOf(now).startsWith(year) ? short : `${year}年${short}`
}

/** For the audit trail: exact to the second. */
export const exactly = (moment: string): string => `${dayOf(moment)} ${clockWithSeconds.format(new Date(moment))}`

/** Whole calendar days from one YYYY-MM-DD to another; negative when the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}
