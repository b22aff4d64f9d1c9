/**
 * What is published of a month: ratings by who was rated and level, and what was put right. Pure.
 *
 * Invariant: holds only what everybody may read. What is left out of it (desk/suppression.ts) is nowhere in it, so that the
 * kept row can be shown, copied and lost.
 */
import { caseKindNames } from '../contract/case.ts'
import { unitNames } from '../contract/figure.ts'
import type { Level } from '../contract/rating.ts'
import type { FixedCase, UnitCounts } from './published-ratings.store.ts'
import { leastPublished, suppressed } from './suppression.ts'

type Counts = ReturnType<typeof suppressed>
/** Whom or what a row is about; its columns are the five levels, the best first, or how the follow-up ended. */
export type PublishedMonth = {
  ratings: { units: string[]; counts: Counts }
  /** None, too few to say anything of, or these. */
  fixed: 'none' | 'few' | PublishedFixes
}
export type PublishedFixes = {
  closed: number
  inTime: number | null
  late: number | null
  abouts: string[]
  ends: string[]
  counts: Counts
  reasons: { text: string; count: number }[]
}

export const bestFirst: readonly Level[] = [5, 4, 3, 2, 1]

export function publishedMonth(counts: readonly UnitCounts[], fixed: readonly FixedCase[]): PublishedMonth {
  const units = [...new Set(counts.map(nameOf))].sort()
  const of = (unit: string, level: number) =>
    counts.filter((one) => nameOf(one) === unit && one.level === level).reduce((sum, { count }) => sum + count, 0)
  return {
    ratings: { units, counts: suppressed(units.map((unit) => bestFirst.map((level) => of(unit, level)))) },
    // So that no single case stands alone among few.
    fixed: fixed.length === 0 ? 'none' : fixed.length < leastPublished ? 'few' : fixesOf(fixed),
  }
}

function fixesOf(fixed: readonly FixedCase[]): PublishedFixes {
  const abouts = [...new Set(fixed.map(aboutOf))].sort()
  const ends = [...new Set(fixed.map(resultOf))].sort()
  const of = (about: string, end: string) =>
    fixed.filter((one) => aboutOf(one) === about && resultOf(one) === end).length
  const tooLate = fixed.filter(({ onTime }) => !onTime).length
  // Two parts of one sum: where one of them is small, the other would tell it.
  const [inTime = null, late = null] = suppressed([[fixed.length - tooLate, tooLate]]).cells[0] ?? []
  return {
    closed: fixed.length,
    inTime,
    late,
    abouts,
    ends,
    counts: suppressed(abouts.map((about) => ends.map((end) => of(about, end)))),
    reasons: oftenGiven(fixed),
  }
}

const nameOf = ({ unit, window }: Pick<UnitCounts, 'unit' | 'window'>) => window ?? unitNames[unit]
const aboutOf = ({ kind, unit, window }: FixedCase) =>
  unit === null ? caseKindNames[kind] : `${caseKindNames[kind]}：${nameOf({ unit, window })}`

const results: Readonly<Record<string, string>> = {
  satisfied: '回访满意',
  dissatisfied: '回访不满意',
  unreachable: '多次联系不上',
}
const resultOf = ({ result }: FixedCase) =>
  result === null ? '未回访' : (results[result] ?? (Number(result) >= 3 ? '市民对整改满意' : '市民对整改不满意'))

/** Why they were discontent, where at least five were for the same reason. */
function oftenGiven(fixed: readonly FixedCase[]): PublishedFixes['reasons'] {
  const counts = new Map<string, number>()
  for (const reason of fixed.flatMap(({ reasons }) => reasons)) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts]
    .map(([text, count]) => ({ text, count }))
    .filter(({ count }) => count >= leastPublished)
    .sort((one, other) => other.count - one.count)
}
