/**
 * The time that a question speaks of: 2027年, 明年1月以后, 去年, 下个月, 2026年12月31日. Pure; "today" is handed in, and days
 * are plain calendar days (YYYY-MM-DD) of the bureau's zone.
 *
 * Invariant: every span begins on or before the day on which it ends, and both are days that exist.
 */
import { numberOf } from './numerals.ts'

/** From its first to its last day. */
export type Span = { from: string; until: string }

const chinese = '[零〇一二三四五六七八九十]'
const month = `(?:(\\d{1,2}|${chinese}{1,3})月份?(?:(\\d{1,2}|${chinese}{1,3})[日号])?)?`
const absolute = new RegExp(`(?<!\\d)(20\\d\\d|二[零〇]${chinese}{2})年度?${month}`, 'gu')
const written = /(?<!\d)(20\d\d)[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)/gu
const relativeYear = new RegExp(`(前年|去年|今年|明年|后年)${month}`, 'gu')
const years: Record<string, number> = { 前年: -2, 去年: -1, 今年: 0, 明年: 1, 后年: 2 }
const relativeMonth = /(上个?月|这个?月|本月|下个?月)(?!\d)/gu
const months: Record<string, number> = { 上: -1, 这: 0, 本: 0, 下: 1 }
/** What stands behind a time that was taken from the front of a question. */
const then = /^(?:以后|之后|起|开始|以前|之前|的时候|后)/u
const relativeDay = /(大后天|后天|明天|今天|昨天|前天)/gu
const days: Record<string, number> = { 大后天: 3, 后天: 2, 明天: 1, 今天: 0, 昨天: -1, 前天: -2 }

/** Every time that is named, in no order. */
export function spansIn(raw: string, today: string): Span[] {
  const text = raw.normalize('NFKC').replace(/\s+/g, '')
  const [thisYear = 0, thisMonth = 0] = today.split('-').map(Number)
  const found: (Span | undefined)[] = []
  for (const [, year = '', m, d] of text.matchAll(absolute)) found.push(spanOf(numberOf(year) ?? 0, m, d))
  for (const [, year, m, d] of text.matchAll(written)) found.push(spanOf(Number(year), m, d))
  for (const [, word = '', m, d] of text.matchAll(relativeYear)) found.push(spanOf(thisYear + (years[word] ?? 0), m, d))
  for (const [word] of text.matchAll(relativeMonth)) {
    const at = new Date(Date.UTC(thisYear, thisMonth - 1 + (months[word[0] ?? ''] ?? 0), 1))
    found.push(spanOf(at.getUTCFullYear(), String(at.getUTCMonth() + 1), undefined))
  }
  for (const [word] of text.matchAll(relativeDay)) {
    const day = plusDays(today, days[word] ?? 0)
    found.push({ from: day, until: day })
  }
  return found.filter((span) => span !== undefined)
}

/**
 * The day whose rules are asked about: the first of a time to come, the last of one that is over.
 *
 * @returns undefined when nothing but the present is named, or several times that are not the same.
 */
export function dayAsked(raw: string, today: string): string | undefined {
  const named = new Set(
    spansIn(raw, today).flatMap(({ from, until }) => (from > today ? [from] : until < today ? [until] : [])),
  )
  const [day] = named
  return named.size === 1 ? day : undefined
}

/** The question without the years and months that it names, for texts that do not name them either. */
export function withoutTimes(text: string): string {
  let left = text
  for (const named of [absolute, relativeYear, relativeMonth]) left = left.replace(named, '').replace(then, '')
  return /\p{L}/u.test(left) ? left : text
}

export function plusDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10)
}

/** '2027年1月1日' out of '2027-01-01'. */
export function dayInWords(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

/** A month or day that does not exist leaves what stands before it: 2027年13月 is 2027. */
function spanOf(year: number, monthSaid: string | undefined, daySaid: string | undefined): Span | undefined {
  if (year < 2000 || year > 2099) return undefined
  const month = numberOf(monthSaid ?? '')
  if (month === undefined || month < 1 || month > 12) return { from: `${year}-01-01`, until: `${year}-12-31` }
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const head = `${year}-${String(month).padStart(2, '0')}`
  const date = numberOf(daySaid ?? '')
  if (date === undefined || date < 1 || date > last) return { from: `${head}-01`, until: `${head}-${last}` }
  const day = `${head}-${String(date).padStart(2, '0')}`
  return { from: day, until: day }
}
