/** How often the right entry comes first, or among the first three. Shares are per cent, with one decimal. */
import type { Query } from './evaluation-set.ts'
import { rounded } from './figures.ts'

export type Ranking = { r1: number; r3: number; mrr: number }

/** Beyond this place an entry counts as not found. */
export const rankedDepth = 10

/** @param found entries for each query, best first. Queries that no entry answers do not count. */
export function ranking(queries: readonly Query[], found: readonly (readonly string[])[]): Ranking {
  let asked = 0
  let first = 0
  let firstThree = 0
  let reciprocal = 0
  queries.forEach(({ relevant }, at) => {
    if (relevant.length === 0) return
    asked++
    const place = (found[at] ?? []).slice(0, rankedDepth).findIndex((id) => relevant.includes(id))
    if (place < 0) return
    if (place === 0) first++
    if (place < 3) firstThree++
    reciprocal += 1 / (place + 1)
  })
  return { r1: share(first, asked), r3: share(firstThree, asked), mrr: share(reciprocal, asked) }
}

/** Per cent; 0 of nothing. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : rounded((100 * part) / whole)
}
