/** Days and hours as people read them, always in the bureau's zone, whatever the device is set to. */
const zone = 'Asia/Shanghai'
const clock = new Intl.DateTimeFormat('zh-CN', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const date = new Intl.DateTimeFormat('zh-CN', { timeZone: zone, year: 'numeric', month: 'long', day: 'numeric' })

/** '14:05' */
export const clockTime = (iso: string) => clock.format(new Date(iso))

/** '2026年11月22日' out of a calendar day, 'YYYY-MM-DD', or a moment. */
export const calendarDay = (day: string) => date.format(new Date(day.length === 10 ? `${day}T00:00:00+08:00` : day))

export const dayAndTime = (iso: string) => `${calendarDay(iso)} ${clockTime(iso)}`

/** What a datetime-local field holds, read as Beijing time; undefined when the field is empty. */
export const momentOfField = (value: string) => (value === '' ? undefined : `${value.slice(0, 16)}:00+08:00`)

/** Beijing time in the shape of a datetime-local field. */
export const fieldOfMoment = (now: Date) => new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 16)
