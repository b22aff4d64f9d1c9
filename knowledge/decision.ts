/**
 * 答、反问、还是说不知道: whether the best hits are good enough to answer with. Pure.
 *
 * Invariant: never an answer for the other insurance than the one the asker named, nor a city's answer for somebody
 * whose city is not known, nor one that speaks of another scheme, care, deed, group or year than the asker did.
 */
import type { Insurance } from '../contract/text.ts'
import type { Evidence } from './search/evidence.ts'
import { clash, isOthersBusiness, undecided, type Slots } from './slots.ts'

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
 * the base's own with their entry taken away (bench/README.md), and rounded. `likelier` and `ownQuestion` are counted ahead of
 * the best of its rivals.
 */
const wholes = {
  lead: 5,
  mostLead: 0.5,
  likelier: 1,
  mostLikelier: 2,
  likelihood: 0.6,
  covered: 3,
  ownQuestion: 4.5,
  length: 1.2,
  othersBusiness: 2,
  doubt: 9.8,
} as const
/** So many rivals are looked at for what their wholes and their own questions say. */
const mostRivals = 5
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
    const rivals = rivalsOf(winner, mayWin)
    const isVerbatim = winner.score === verbatim && (rivals[0]?.score ?? 0) < verbatim
    const sure = isVerbatim ? 1 : sureness(winner, rivals, asker.speaksOf)
    if (sure === 1 || (sure > 0 && sure >= thresholds.answer && isMeant(winner, mayWin, asker)))
      return { outcome: 'answer', winner, score: winner.score, sureness: sure }
  }
  if (score < thresholds.askBack) return { outcome: 'unknown', score }
  const choices = ranked.filter((candidate) => candidate.score >= thresholds.askBack).slice(0, mostChoices)
  return { outcome: 'ask-back', choices, score }
}

type Scored = Pick<Candidate, 'score' | 'evidence'>

/**
 * How much a winner may be believed, in [0, 1]: alike, and far more so than the next. Where entries have many questions, also
 * likelier as a whole than any rival, and more alike by its own question. @param rivals highest score first.
 */
export function sureness(winner: Scored, rivals: readonly Scored[], asked?: Slots): number {
  const { evidence } = winner
  const weight = evidence?.weight ?? 0
  const lead = winner.score - (rivals[0]?.score ?? 0)
  if (lead < leads.least * (1 - weight)) return 0
  const alone = (winner.score + leads.weight * Math.min(lead, leads.most)) / (1 + leads.weight * leads.most)
  if (!evidence || weight === 0) return alone
  const { length, covered, likelihood } = evidence
  const others = rivals.slice(0, mostRivals).flatMap((rival) => rival.evidence ?? [])
  const furtherLead = winner.score - ((rivals[1] ?? rivals[0])?.score ?? 0)
  const likelier = likelihood - Math.max(...others.map((other) => other.likelihood))
  const ownQuestion = evidence.ownQuestion() - Math.max(0, ...others.map((other) => other.ownQuestion()))
  const odds =
    wholes.lead * Math.min(furtherLead, wholes.mostLead) +
    wholes.likelier * Math.min(Math.max(likelier, -wholes.mostLikelier), wholes.mostLikelier) +
    wholes.likelihood * likelihood +
    wholes.covered * covered +
    wholes.ownQuestion * ownQuestion +
    wholes.length * length -
    (asked && isOthersBusiness(asked) ? wholes.othersBusiness : 0) -
    wholes.doubt
  return (1 - weight) * alone + weight / (1 + Math.exp(-odds))
}

/** What the asker's city says is preferred to what the country says about nearly the same. */
function cityFirst<C extends Candidate>(candidates: readonly C[], thresholds: Thresholds): C[] {
  const least = Math.max((candidates[0]?.score ?? 0) - leads.city, thresholds.askBack)
  const ofCity = candidates.find(({ region, score }) => region && score >= least)
  return ofCity ? [ofCity, ...candidates.filter((other) => other !== ofCity)] : [...candidates]
}

/** By score, highest first. A city's answer is not held back by the country's nearly same one. */
function rivalsOf(winner: Candidate, candidates: readonly Candidate[]): Candidate[] {
  const rivals = candidates.filter((other) => other !== winner && (!winner.region || other.region))
  return rivals.sort((a, b) => b.score - a.score)
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
