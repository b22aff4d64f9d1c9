/**
 * 答、反问、还是说不知道: whether the best hits are good enough to answer with. Pure.
 *
 * Invariant: never an answer for the other insurance than the one the asker named, nor a city's answer for
 * somebody whose city is not known.
 */
import type { Insurance } from '../contract/text.ts'

export type Candidate = {
  entryId: string
  /** In [0, 1]; candidates come highest first. */
  score: number
  region?: string
  insurance?: Insurance
  notToConfuse: readonly string[]
}
/** What is known about the asker. `region` absent: a city's answer may only be offered. */
export type Circumstances = { region?: string; insurance?: Insurance }
export type Decision<C extends Candidate> =
  | { outcome: 'answer'; winner: C; score: number }
  | { outcome: 'ask-back'; choices: C[]; score: number }
  | { outcome: 'unknown'; score: number }

/**
 * Chosen on kinds of questions, never on single ones; they do not carry over to bases of any size and density.
 * LCQMC dev, 1,000 entries with one surface each: 91 % of in-scope questions answered, 98.5 % of those rightly;
 * answered by mistake are 0.7 % of far and none of near out-of-scope questions, and 11 % of questions whose own entry
 * is missing. Bank-service dev, 330 entries: none, none and 1 %. Shipped packs (298 entries): of all LCQMC dev
 * questions 0.3 % answered and 6 % asked back; of their own similar questions, each taken out of the base first, 53 %
 * answered and 83 % of those rightly, most of the rest by a neighbour that says nearly the same; with the whole entry
 * taken out, 25 % answered by such a neighbour.
 */
export const thresholds = {
  /** From here on it is answered. */
  answer: 0.58,
  /** From here on it is asked back. */
  askBack: 0.38,
  /** The winner must lead by this much. */
  margin: 0.06,
  /** A city's entry this close behind a national one is taken for the more exact answer. */
  cityLead: 0.15,
} as const
const mostChoices = 3
/** A question written word for word as an editor wrote it. */
const verbatim = 1

export function decide<C extends Candidate>(candidates: readonly C[], asker: Circumstances): Decision<C> {
  const open = candidates.filter(({ insurance }) => !insurance || !asker.insurance || insurance === asker.insurance)
  const ranked = asker.region ? cityFirst(open) : open
  const score = open[0]?.score ?? 0
  if (score < thresholds.askBack) return { outcome: 'unknown', score }

  const mayWin = asker.region ? ranked : open.filter(({ region }) => !region)
  const [winner] = mayWin
  const citiesKnowBetter = !asker.region && score > (winner?.score ?? 0) + thresholds.margin
  if (winner && !citiesKnowBetter && leads(winner, mayWin) && !mayBeOther(winner, mayWin, asker))
    return { outcome: 'answer', winner, score: winner.score }
  const choices = ranked.filter((candidate) => candidate.score >= thresholds.askBack).slice(0, mostChoices)
  return { outcome: 'ask-back', choices, score }
}

/** What the asker's city says is preferred to what the country says about nearly the same. */
function cityFirst<C extends Candidate>(candidates: readonly C[]): C[] {
  const least = Math.max((candidates[0]?.score ?? 0) - thresholds.cityLead, thresholds.answer)
  const ofCity = candidates.find(({ region, score }) => region && score >= least)
  return ofCity ? [ofCity, ...candidates.filter((other) => other !== ofCity)] : [...candidates]
}

function leads(winner: Candidate, candidates: readonly Candidate[]): boolean {
  if (winner.score < thresholds.answer) return false
  const rival = candidates.find((other) => other !== winner && (!winner.region || other.region))
  if (!rival || winner.score - rival.score >= thresholds.margin) return true
  return winner.score === verbatim && rival.score < verbatim
}

/** 职工 and 居民 versions of one question, and nobody said which: only a literal question is answered straight away. */
function mayBeOther(winner: Candidate, candidates: readonly Candidate[], asker: Circumstances): boolean {
  if (!winner.insurance || asker.insurance || winner.score === verbatim) return false
  return candidates.some(
    (other) =>
      other.insurance !== undefined &&
      other.insurance !== winner.insurance &&
      other.score >= thresholds.askBack &&
      (winner.notToConfuse.includes(other.entryId) || other.notToConfuse.includes(winner.entryId)),
  )
}
