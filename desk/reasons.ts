/**
 * Lists of reasons (评价理由), one a level, in versions that never change: a rating names the version that it was given by.
 * A page that was opened before a change is answered by the newest version that knows what it sends.
 */
import { faultyField, type FaultyField, Problem } from '../contract/problem.ts'
import type { Level, ReasonLists } from '../contract/rating.ts'

export const levels = [5, 4, 3, 2, 1] as const satisfies readonly Level[]
type Version = { version: number; lists: ReasonLists }

/**
 * @param versions the newest first.
 * @throws Problem invalid_input naming the first reason that the newest list of this level does not have.
 */
export function versionOf(versions: readonly Version[], level: Level, reasons: readonly string[]): number {
  const knows = ({ lists }: Version) => reasons.every((reason) => lists[level].includes(reason))
  const found = versions.find(knows)
  if (found) return found.version
  const newest = versions[0]?.lists[level] ?? []
  const stray = reasons.findIndex((reason) => !newest.includes(reason))
  throw faultyField(`reasons.${Math.max(stray, 0)}`, '不是这一档的评价理由')
}

/** @throws Problem invalid_input naming each reason that stands twice in its list. */
export function mustBeDistinct(lists: ReasonLists): void {
  const fields = levels.flatMap((level) =>
    lists[level].flatMap((reason, i): FaultyField[] =>
      lists[level].indexOf(reason) < i ? [{ path: `${level}.${i}`, message: '这条理由写了两遍' }] : [],
    ),
  )
  if (fields.length > 0) throw new Problem('invalid_input', 'a reason twice', { fields })
}
