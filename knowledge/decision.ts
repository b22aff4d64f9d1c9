/**
 * 答、反问、还是说不知道: whether the best hits are good enough to answer with. Pure.
 *
 * Invariant: never an answer for the other insurance than the one the asker named, nor a city's answer for somebody
 * whose city is not known, nor one that speaks of another scheme, care, deed, group or year than the asker did.
 */
import type { Insurance } from '../contract/text.ts'
import type { Evidence } from './search/entry-index.ts'
import { clash, undecided, type Slots } from './slots.ts'

export type Candidate = {
  entryId: string
  /** In [0, 1]; candidates come highest first. */
  score: number
  region?: string
  insurance?: Insurance
  notToConfuse: readonly string[]
  /** What else its entry says to the question. */
  evidence?: Evidence
  /** What its question and the similar question that was hit speak of. */
  speaksOf?: () => Slots
}
/** What is known about the asker. `region` absent: a city's answer may only be offered. */
export type Circumstances = {
  region?: string
  insurance?: Insurance
  speaksOf?: Slots
}
export type Decision<C extends Candidate> =
  | { outcome: 'answer'; winner: C; score: number; sureness: number }
  | { outcome: 'ask-back'; choices: C[]; score: number }
  | { outcome: 'unknown'; score: number }

/**
 * `answer`: as sure as this (see `sureness`), it is answered. `askBack`: from this score on, it is asked back.
 * Each 0 to 1, `askBack` never above `answer`.
 */
export type Thresholds = { answer: number; askBack: number }
export type ChannelThresholds = { text: Thresholds; voice: Thresholds }

/** For a base too small to try itself on (calibration.ts), and until it has. */
export const cautious: ChannelThresholds = {
  text: { answer: 0.6, askBack: 0.44 },
  voice: { answer: 0.54, askBack: 0.38 },
}
export const leads = {
  /** The winner must lead by this much, however high it stands. */
  least: 0.02,
  /** How much a lead counts beside the score, and up to which lead. */
  weight: 0.6,
  most: 0.3,
  /** A rival this close that fills a slot otherwise, in which the asker named nothing, has to be asked about. */
  undecided: 0.1,
  /** Whose city is not known is answered for the country, unless some city's entry stands this much higher. */
  cities: 0.1,
  /** A city's entry this close behind a national one is taken for the more exact answer. */
  city: 0.15,
} as const
/**
 * What makes a winner sure where entries have many questions: log odds of its being right, learnt on golden questions and on
 * the base's own with their entry taken away (bench/README.md), and rounded.
 */
const wholes = { lead: 1, furtherLead: 0.4, mostLead: 0.5, covered: 5, ownQuestion: 3, length: 0.7, doubt: 10 }
const mostChoices = 3
/** A question written word for word as an editor wrote it. */
const verbatim = 1

export function decide<C extends Candidate>(
  candidates: readonly C[],
  asker: Circumstances,
  thresholds: Thresholds = cautious.text,
): Decision<C> {
  const open = candidates.filter(({ insurance }) => !insurance || !asker.insurance || insurance === asker.insurance)
  const ranked = asker.region ? cityFirst(open, thresholds) : open
  const score = Math.max(0, ...open.map((candidate) => candidate.score))

  const mayWin = asker.region ? ranked : open.filter(({ region }) => !region)
  const [winner] = mayWin
  const citiesKnowBetter = !asker.region && score > (winner?.score ?? 0) + leads.cities
  if (winner && !citiesKnowBetter && !mayBeOther(winner, mayWin, asker, thresholds)) {
    const [rival, next] = rivalsOf(winner, mayWin)
    const sure = winner.score === verbatim && (rival?.score ?? 0) < verbatim ? 1 : sureness(winner, rival, next)
    if (sure === 1 || (sure > 0 && sure >= thresholds.answer && isMeant(winner, mayWin, asker)))
      return { outcome: 'answer', winner, score: winner.score, sureness: sure }
  }
  if (score < thresholds.askBack) return { outcome: 'unknown', score }
  const choices = ranked.filter((candidate) => candidate.score >= thresholds.askBack).slice(0, mostChoices)
  return { outcome: 'ask-back', choices, score }
}

type Scored = Pick<Candidate, 'score' | 'evidence'>

/** How much a winner may be believed, in [0, 1]: alike, and far more so than the next. @param next the rival after it. */
export function sureness(winner: Scored, rival: Scored | undefined, next?: Scored): number {
  const lead = winner.score - (rival?.score ?? 0)
  if (lead < leads.least) return 0
  const alone = (winner.score + leads.weight * Math.min(lead, leads.most)) / (1 + leads.weight * leads.most)
  const { evidence } = winner
  if (!evidence || evidence.weight === 0) return alone
  const { weight, length, covered, ownQuestion } = evidence
  const far = (other: Scored | undefined) => Math.min(winner.score - (other?.score ?? 0), wholes.mostLead) * length
  const odds =
    wholes.lead * far(rival) +
    wholes.furtherLead * far(next ?? rival) +
    wholes.covered * covered +
    wholes.ownQuestion * ownQuestion() +
    wholes.length * length -
    wholes.doubt
  return (1 - weight) * alone + weight / (1 + Math.exp(-odds))
}

/** What the asker's city says is preferred to what the country says about nearly the same. */
function cityFirst<C extends Candidate>(candidates: readonly C[], thresholds: Thresholds): C[] {
  const least = Math.max((candidates[0]?.score ?? 0) - leads.city, thresholds.askBack)
  const ofCity = candidates.find(({ region, score }) => region && score >= least)
  return ofCity ? [ofCity, ...candidates.filter((other) => other !== ofCity)] : [...candidates]
}

/** A city's answer is not held back by the country's nearly same one. */
function rivalsOf(winner: Candidate, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter((other) => other !== winner && (!winner.region || other.region)).slice(0, 2)
}

/** The winner speaks of nothing else than the asker, and of nothing that a close rival speaks of otherwise. */
function isMeant(winner: Candidate, candidates: readonly Candidate[], { speaksOf: asked }: Circumstances): boolean {
  const meant = winner.speaksOf?.()
  if (!asked || !meant) return true
  if (clash(asked, meant)) return false
  return !candidates.some((rival) => {
    if (rival === winner || rival.score <= winner.score - leads.undecided) return false
    const other = rival.speaksOf?.()
    return other !== undefined && undecided(asked, meant, other) !== undefined
  })
}

/** 职工 and 居民 versions of one question, and nobody said which: only a literal question is answered straight away. */
function mayBeOther(
  winner: Candidate,
  candidates: readonly Candidate[],
  asker: Circumstances,
  thresholds: Thresholds,
): boolean {
  if (!winner.insurance || asker.insurance || winner.score === verbatim) return false
  return candidates.some(
    (other) =>
      other.insurance !== undefined &&
      other.insurance !== winner.insurance &&
      other.score >= thresholds.askBack &&
      (winner.notToConfuse.includes(other.entryId) || other.notToConfuse.includes(winner.entryId)),
  )
}
