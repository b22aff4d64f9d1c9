/**
 * Runs the rows that a change can touch, before it and after it. One row at a time: turns are answered in between.
 */
import { setImmediate } from 'node:timers/promises'
import type { Answer } from '../contract/answer.ts'
import type { Answerer } from './answerer.ts'
import { clusters, comparedForm } from './gap-clusters.ts'
import { fateOf, isWorse, type Fate, type TriedRow } from './gate.ts'

export type Worsened = { row: TriedRow; before: Fate; after: Fate; was: Answer; becomes: Answer }
export type Trial = { looked: number; worse: Worsened[] }

/** How many candidates are looked at for the changed entry. */
const firstCandidates = 10
/** Less alike than this to all that the changed entry asks, a question does not come near it. Far below what a tenth candidate has. */
const nearFrom = 0.2
const rowsAtOnce = 20

type Parts = {
  rows: readonly TriedRow[]
  before: Answerer
  after: Answerer
  changed: ReadonlySet<string>
  /** What the changed entries ask, before and after. */
  surfaces: readonly string[]
  on: string
}

export async function trial({ rows, before, after, changed, surfaces, on }: Parts): Promise<Trial> {
  const nearby = clusters(
    [...new Set(surfaces.map(comparedForm))].map((compared) => ({ gapId: 'changed', compared })),
    nearFrom,
  )
  const worse: Worsened[] = []
  let looked = 0
  for (const [at, row] of rows.entries()) {
    if (at % rowsAtOnce === 0) await setImmediate()
    if (!nearby.find(comparedForm(row.question))) continue
    const asked = { question: row.question, region: row.region, insurance: row.insurance, voice: row.voice, on }
    const near = (answers: Answerer) =>
      answers.search(asked, firstCandidates).some(({ entryId }) => changed.has(entryId))
    if (!near(after) && !near(before)) continue
    await setImmediate()
    looked++
    const [was, becomes] = [before.answer(asked), after.answer(asked)]
    const [fateBefore, fateAfter] = [fateOf(row.expected, was), fateOf(row.expected, becomes)]
    if (isWorse(fateBefore, fateAfter)) worse.push({ row, before: fateBefore, after: fateAfter, was, becomes })
  }
  return { looked, worse }
}
