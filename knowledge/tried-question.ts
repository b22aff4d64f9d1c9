/**
 * How an answer comes about, for whoever writes the entries: what was found first, by what, and how far it was from being
 * answered. What is read, decided and said comes from the answerer itself; the rest only explains it.
 */
import type { TrialSide } from '../contract/trial.ts'
import { answerer, type Asked } from './answerer.ts'
import { decide, type ChannelThresholds } from './decision.ts'
import type { EntryIndex } from './search/entry-index.ts'
import type { Evidence } from './search/evidence.ts'

/** What an answerer is made of. */
export type Base = { index: EntryIndex; thresholds: ChannelThresholds }

const candidatesShown = 5

export function triedQuestion({ index, thresholds }: Base, asked: Asked): TrialSide {
  const answers = answerer(index, thresholds)
  const { ranked, asker } = answers.looked(asked)
  const ifAny = decide(ranked, asker, { answer: 0, askBack: 0 })
  return {
    answer: answers.answer(asked),
    sureness: ifAny.outcome === 'answer' ? rounded(ifAny.sureness) : 0,
    thresholds: asked.voice ? thresholds.voice : thresholds.text,
    candidates: ranked.slice(0, candidatesShown).map(({ entryId, revision, text: hit, score, evidence }) => ({
      entryId,
      question: revision.wording.question,
      hit,
      score: rounded(score),
      features: featuresOf(evidence),
    })),
    slots: [...(asker.speaksOf ?? [])].map(([name, values]) => ({ name, values: [...values] })),
  }
}

function featuresOf(evidence: Evidence): TrialSide['candidates'][number]['features'] {
  const { weight, length, covered, second, likelihood, ownQuestion } = evidence
  const given = { weight, length, covered, second, likelihood, ownQuestion: ownQuestion() }
  return Object.entries(given).map(([name, value]) => ({ name, value: rounded(value) }))
}

const rounded = (value: number) => (value === 1 ? 1 : Math.round(value * 1_000) / 1_000)
