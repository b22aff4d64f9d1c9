/**
 * Which questions come near what a change asks, by the words they share. All that are known are looked at for every
 * publication, so that what can be worked out of a question alone is remembered.
 *
 * Invariant: near is what `clusters` of the changed questions would find (gap-clusters.ts), question by question.
 */
import { comparedForm, weighed } from './gap-clusters.ts'
import { recent } from './search/recent.ts'
import type { Steps } from './search/steps.ts'
import { vocabulary } from './search/vocabulary.ts'

/** The characters and pairs by which a question is compared, by their numbers. */
type Form = { grams: Uint32Array; total: number }
export type Near = (question: string) => boolean

/** A third of a kilobyte each. */
const mostRemembered = 300_000
const numbers = vocabulary()
const weights: number[] = []
const formOf = recent(mostRemembered, form)

/** @param changed the questions that are asked with the change or without it. @param from in (0, 1]. */
export function* nearToSteps(changed: Iterable<string>, from: number): Steps<Near> {
  const totals: number[] = []
  const having = new Map<number, number[]>()
  for (const question of new Set(changed)) {
    const { grams, total } = formOf(question)
    const at = totals.push(total) - 1
    for (const gram of grams) {
      const list = having.get(gram)
      if (list) list.push(at)
      else having.set(gram, [at])
    }
    yield
  }
  const least = totals.reduce((shortest, total) => Math.min(shortest, total), Infinity)
  const isAsked = new Uint8Array(numbers.size())
  for (const gram of having.keys()) isAsked[gram] = 1

  return (question) => {
    const { grams, total } = formOf(question)
    // With all that any of them shares, and beside the shortest: none of them is nearer than this.
    let most = 0
    for (const gram of grams) if (isAsked[gram] === 1) most += weights[gram] ?? 0
    if (most === 0 || (2 * most) / (total + least) < from) return false
    const shared = new Map<number, number>()
    for (const gram of grams)
      for (const at of having.get(gram) ?? []) shared.set(at, (shared.get(at) ?? 0) + (weights[gram] ?? 0))
    for (const [at, weight] of shared) if (weight > 0 && (2 * weight) / (total + (totals[at] ?? 0)) >= from) return true
    return false
  }
}

function form(question: string): Form {
  const { weights: weighing, total } = weighed(comparedForm(question))
  const grams = Uint32Array.from(weighing.keys(), numbers.numberOf)
  for (const [gram, weight] of weighing) weights[numbers.numberOf(gram)] = weight
  return { grams, total }
}
