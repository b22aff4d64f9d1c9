/**
 * How alike two questions are, in [0, 1], independent of their length: unlike the sums that search engines rank
 * by, this number may be compared with a threshold, so the bot can say that it does not know.
 *
 * Invariant: 1 exactly when the normalised texts are equal, 0 when they share no character (spoken: no syllable) or one
 * is empty. The weights were set by hand, as round numbers, and hold alike on unlike kinds of questions: bench/README.md
 * says how to measure them on any set.
 */
import { features, soundFeatures, type Feature, type SoundFeature } from './features.ts'
import type { Prepared } from './prepared.ts'

/** What speaks for it adds up to 1. */
const written: Record<Feature, number> = {
  cosine: 0.2,
  rareSaid: 0.2,
  tellingSaid: 0.15,
  tellingMeant: 0.2,
  rareWordsSaid: 0.1,
  tellingWordsSaid: 0.05,
  tellingWordsMeant: 0.05,
  evenOrder: 0.05,
  negation: -0.02,
}
/** What was heard counts as much as what was written down of it: speech recognition writes one for the other. */
const heard: Record<SoundFeature, number> = { soundCosine: 0.15, soundSaid: 0.2, soundMeant: 0.1, soundOrder: 0.05 }
const heardShare = 0.5
/** Some three ordinary characters. */
const enoughSaid = 1.5

/** @param asked a question somebody typed. @param surface as an editor wrote it. */
export function similarity(asked: Prepared, surface: Prepared): number {
  return judged(asked, surface, weighed(features(asked, surface), written))
}

/** The same for a question that came through speech recognition. */
export function spokenSimilarity(asked: Prepared, surface: Prepared): number {
  const onPaper = weighed(features(asked, surface), written)
  return judged(asked, surface, heardShare * onPaper + weighed(soundFeatures(asked, surface), heard))
}

function weighed<F extends string>(given: Record<F, number>, weights: Record<F, number>): number {
  let sum = 0
  for (const name in weights) sum += weights[name] * given[name]
  return sum
}

function judged(asked: Prepared, surface: Prepared, score: number): number {
  if (asked.units.length === 0 || surface.units.length === 0) return 0
  if (asked.text === surface.text) return 1
  // One character is found whole in a hundred questions, and is none of them.
  const saysEnough = Math.min(1, asked.telling.total / enoughSaid)
  // Different texts never reach 1, whatever rounding or a repeated character does.
  return Math.min(Math.max(score * saysEnough, 0), 0.999)
}
