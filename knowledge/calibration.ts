/**
 * From which score on this very base may be believed. A fixed number does not carry from thirty entries to five thousand,
 * so each base is tried: on what it must not answer (search/out-of-scope.ts), and on its own questions as if they
 * had never been written, with their entry taken away: what is left then is a neighbour's answer.
 *
 * Invariant: the thresholds are the lowest that keep false answers within the bounds below, between the ends of `range`;
 * written and spoken questions are tried apart. A base too small to be tried gets the cautious ones.
 */
import { cautious, decide, type ChannelThresholds, type Circumstances, type Thresholds } from './decision.ts'
import { circumstances, rankedHits, type Ranked } from './ranked.ts'
import type { EntryIndex } from './search/entry-index.ts'
import { mishearingSteps } from './search/mishear.ts'
import { outOfScope, type Theme } from './search/out-of-scope.ts'
import type { Steps } from './search/steps.ts'
import { normalise } from './text/normalise.ts'

/** To be raised whenever this file, the weights or the pack of foreign questions change: kept thresholds are then found anew. */
export const calibrationMethod = 7

const bounds = {
  /** Of questions from other worlds answered. */
  outOfScope: 0.02,
  /** Of questions whose own entry is missing answered: the floor is a tenth, and a sample is never quite the whole. */
  uncovered: 0.09,
  /**
   * The same where entries have many questions each: whatever an entry says, its neighbours say in part, and the question that
   * one of them takes over it often answers. Of golden questions without an entry some third as many are answered.
   */
  uncoveredAmongMany: 0.25,
  /** Of questions from other worlds asked back. */
  askedBack: 0.2,
} as const
/** Fewer entries say too little about what their neighbours look like. */
export const fewestEntries = 50
const mostOwnQuestions = 500
/** A theme this close to the base, compared with how close its own questions are to each other, is one it is about. */
const ownTheme = 0.75
/** So sure is no mistake: a neighbour that says the same in other words, or a foreign question that the base does answer. */
const sameAgain = { neighbour: 0.9, foreign: 0.8 }
/**
 * `leastAmongMany`: where entries have many questions, sureness is nearly a chance of being right, and the one at which, on
 * the golden questions that may be worked on, hardly any without an entry is answered.
 * Above the higher end more true questions are turned away than false answers spared: a base that would need it has
 * entries that say nearly the same, which its editors must part. On LCQMC dev questions over 2,500 entries, 88 % of those
 * with an entry are still answered there.
 */
const range = { least: 0.4, leastAmongMany: 0.66, most: 0.66, mostAmongMany: 0.76, leastAskBack: 0.3 }

/** @param on the day whose texts are tried. */
export function* calibrationSteps(index: EntryIndex, on: string): Steps<ChannelThresholds> {
  if (index.all(on).length < fewestEntries) return cautious
  const text = yield* channelSteps(index, on, false)
  const voice = yield* channelSteps(index, on, true)
  return { text, voice }
}

function* channelSteps(index: EntryIndex, on: string, voice: boolean): Steps<Thresholds> {
  const questions = index.questions(on)
  const said = voice ? yield* mishearingSteps(questions.map(({ text }) => text)) : (text: string) => text
  const neighbours: Tried[] = []
  for (const { revision, text } of spread(questions, mostOwnQuestions)) {
    const { region, insurance } = revision.wording
    const asked = said(text)
    const look = { on, voice, regions: region ? [region] : [], missing: revision.entryId }
    const others = rankedHits(index, asked, look)
    // What the country says to a city's question is no mistake, so it tells nothing.
    if (!region || others[0]?.region)
      neighbours.push(tried(others, circumstances(asked, { on, region, onFile: insurance })))
    yield
  }
  const uncovered = neighbours.filter(({ score }) => score < sameAgain.neighbour)
  const usual = median(neighbours.map(({ score }) => score))

  const foreign: Tried[] = []
  for (const lines of Object.values<Theme>(outOfScope)) {
    const theme: Tried[] = []
    for (const line of lines) {
      const text = normalise(line)
      theme.push(tried(rankedHits(index, text, { on, voice, regions: [] }), circumstances(text, { on })))
      yield
    }
    if (median(theme.map(({ score }) => score)) < ownTheme * usual) foreign.push(...theme)
  }
  const sure = (of: readonly Tried[]) => of.map(({ sureness }) => sureness)
  const neighbourly = bounds.uncovered + index.density ** 2 * (bounds.uncoveredAmongMany - bounds.uncovered)
  const mistaken = sure(foreign).filter((sureness) => sureness < sameAgain.foreign)
  const answer = Math.max(lowestWithin(sure(uncovered), neighbourly), lowestWithin(mistaken, bounds.outOfScope))
  const askBack = lowestWithin(
    foreign.map(({ score }) => score),
    bounds.askedBack,
  )
  return thresholdsOf(answer, askBack, index.density)
}

function thresholdsOf(answer: number, askBack: number, density: number): Thresholds {
  const least = range.least + density * (range.leastAmongMany - range.least)
  const most = range.most + density * (range.mostAmongMany - range.most)
  const kept = rounded(Math.min(Math.max(answer, least), most))
  return {
    answer: kept,
    askBack: rounded(Math.min(Math.max(askBack, range.leastAskBack), kept - 0.05)),
  }
}

/** The best score, and how sure an answer would be if any were sure enough; 0 when it would not be answered at all. */
type Tried = { score: number; sureness: number }

function tried(ranked: readonly Ranked[], asker: Circumstances): Tried {
  const decision = decide(ranked, asker, { answer: 0, askBack: 0 })
  return {
    score: ranked[0]?.score ?? 0,
    sureness: decision.outcome === 'answer' ? decision.sureness : 0,
  }
}

/** The lowest threshold that at most this share of the scores reach. */
function lowestWithin(scores: readonly number[], share: number): number {
  const sorted = scores.toSorted((a, b) => b - a)
  const highestKeptOut = sorted[Math.floor(share * sorted.length)] ?? 0
  return highestKeptOut + 0.001
}

function median(scores: readonly number[]): number {
  return scores.toSorted((a, b) => a - b)[Math.floor(scores.length / 2)] ?? 0
}

/** As many as asked for, taken evenly from the whole list. */
function spread<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list]
  return Array.from({ length: most }, (_, at) => list[Math.floor((at * list.length) / most)]).flatMap(
    (one) => one ?? [],
  )
}

const rounded = (score: number) => Math.round(score * 1_000) / 1_000
