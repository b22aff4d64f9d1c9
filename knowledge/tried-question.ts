/**
 * How an answer comes about, for whoever writes the entries: what was found first, by what, and how far it was from being
 * answered. What is decided and said comes from the answerer itself; the rest only explains it.
 */
import type { TrialSide } from '../contract/trial.ts'
import { answerer, type Asked } from './answerer.ts'
import { decide, type ChannelThresholds } from './decision.ts'
import { circumstances, rankedHits } from './ranked.ts'
import type { EntryIndex } from './search/entry-index.ts'
import { slotsIn } from './slots.ts'
import { normalise } from './text/normalise.ts'
import { withoutParticulars } from './text/particulars.ts'

/** What an answerer is made of. */
export type Base = { index: EntryIndex; thresholds: ChannelThresholds }

const candidatesShown = 5

export function triedQuestion({ index, thresholds }: Base, asked: Asked): TrialSide {
  const answers = answerer(index, thresholds)
  const { region, insurance, on, voice } = asked
  const { text, codes } = index.cities.takenOut(normalise(withoutParticulars(asked.question)))
  const places = [...new Set([...(region ? [region] : []), ...codes])]
  const ranked = rankedHits(index, text, { on, voice, ...(places.length > 0 && { regions: places }) })
  const [only, another] = places
  const asker = circumstances(text, { on, onFile: insurance, ...(only && !another && { region: only }) })
  const ifAny = decide(ranked, asker, { answer: 0, askBack: 0 })
  return {
    answer: answers.answer(asked),
    sureness: ifAny.outcome === 'answer' ? rounded(ifAny.sureness) : 0,
    thresholds: voice ? thresholds.voice : thresholds.text,
    candidates: ranked.slice(0, candidatesShown).map(({ entryId, revision, text: hit, score, evidence }) => ({
      entryId,
      question: revision.wording.question,
      hit,
      score: rounded(score),
      features: featuresOf(evidence),
    })),
    slots: [...slotsIn(text, on)].map(([name, values]) => ({ name, values: [...values] })),
  }
}

/** Whatever numbers the ranking gives, by its own names; those it works out only when asked are asked for. */
function featuresOf(evidence: object): TrialSide['candidates'][number]['features'] {
  return Object.entries(evidence).flatMap(([name, given]: [string, unknown]) => {
    const value: unknown = typeof given === 'function' ? (given as () => unknown)() : given
    return typeof value === 'number' && Number.isFinite(value) ? [{ name, value: rounded(value) }] : []
  })
}

const rounded = (value: number) => (value === 1 ? 1 : Math.round(value * 1_000) / 1_000)
