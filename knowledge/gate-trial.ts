/**
 * Runs the rows that a change can touch, before it and after it. One row at a time: turns are answered in between.
 */
import type { Answer } from '../contract/answer.ts'
import type { GoldenFate } from '../contract/golden.ts'
import type { Answerer } from './answerer.ts'
import { fateOf, isWorse, type TriedRow } from './gate.ts'
import { nearToSteps } from './gate-near.ts'
import { inSlices, inSpareTime, type Steps } from './search/steps.ts'

export type Worsened = { row: TriedRow; before: GoldenFate; after: GoldenFate; was: Answer; becomes: Answer }
export type Trial = { looked: number; worse: Worsened[]; better: Worsened[] }

/** How many candidates are looked at for the changed entry. */
const firstCandidates = 10
/**
 * Less alike than this to all that the changed entry asks, a question does not come near it. Golden ones: below what a
 * tenth candidate has. What an editor wrote for an entry is found there word for word; only its like takes it away.
 */
const nearFrom = { golden: 0.25, surface: 0.6 }
const passedAStep = 16
/** A rehearsal takes a sixth of a core at most. */
const rests = 5

type Parts = {
  rows: Iterable<TriedRow>
  before: Answerer
  after: Answerer
  changed: ReadonlySet<string>
  /** What the changed entries ask, before and after. */
  surfaces: readonly string[]
  on: string
}

export const trial = (parts: Parts): Promise<Trial> => inSlices(trialSteps(parts))

/** The same with much rest, for what is remembered of it. @returns undefined when it was not wanted any more. */
export const rehearsal = (parts: Parts, isWanted: () => boolean): Promise<Trial | undefined> =>
  inSpareTime(trialSteps(parts), isWanted, rests)

function* trialSteps({ rows, before, after, changed, surfaces, on }: Parts): Steps<Trial> {
  const isNear = {
    golden: yield* nearToSteps(surfaces, nearFrom.golden),
    surface: yield* nearToSteps(surfaces, nearFrom.surface),
  }
  const worse: Worsened[] = []
  const better: Worsened[] = []
  let looked = 0
  let passed = 0
  for (const row of rows) {
    if (++passed % passedAStep === 0) yield
    if (!isNear[row.golden ? 'golden' : 'surface'](row.question)) continue
    yield
    const asked = { question: row.question, region: row.region, insurance: row.insurance, voice: row.voice, on }
    const mayComeAfter = after.mayFind(asked, changed, firstCandidates)
    yield
    if (!mayComeAfter && !before.mayFind(asked, changed, firstCandidates)) continue
    yield
    const live = before.tried(asked, firstCandidates)
    yield
    const changing = after.tried(asked, firstCandidates)
    if (![...live.found, ...changing.found].some((entryId) => changed.has(entryId))) continue
    looked++
    yield
    const was = live.answer()
    yield
    const becomes = changing.answer()
    const [fateBefore, fateAfter] = [fateOf(row.expected, was), fateOf(row.expected, becomes)]
    const seen = { row, before: fateBefore, after: fateAfter, was, becomes }
    if (isWorse(fateBefore, fateAfter)) worse.push(seen)
    else if (isWorse(fateAfter, fateBefore)) better.push(seen)
  }
  return { looked, worse, better }
}
