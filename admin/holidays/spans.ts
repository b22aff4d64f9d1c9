/**
 * A year's notice as people write it: "国庆节，放假，10月1日至7日". Days next to each other with one name and one kind are
 * one span; spansOf and daysOf are each other's way back.
 */
import type { HolidayKind, HolidayNotice } from '../../contract/holiday.ts'

export type Span = { name: string; kind: HolidayKind; from: string; until: string }

const dayMs = 86_400_000
/** A span that was mistyped must not fill the page. */
const longestDays = 60

export function spansOf(days: HolidayNotice['days']): Span[] {
  const spans: Span[] = []
  for (const { day, kind, name } of [...days].sort((a, b) => (a.day < b.day ? -1 : 1))) {
    const last = spans.at(-1)
    if (last && last.name === name && last.kind === kind && dayAfter(last.until) === day) last.until = day
    else spans.push({ name, kind, from: day, until: day })
  }
  return spans
}

/** Rows that are not filled in yet are left out. */
export function daysOf(spans: readonly Span[]): HolidayNotice['days'] {
  return spans.flatMap(({ name, kind, from, until }) => {
    const days: HolidayNotice['days'] = []
    if (!from || !until) return days
    for (let day = from; day <= until && days.length < longestDays; day = dayAfter(day)) days.push({ day, kind, name })
    return days
  })
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10)
}
