/**
 * An inverted index for large bases, ranked by BM25. All that grows with the base lies in a few flat arrays, so that
 * 100,000 questions take some tens of megabytes and the collector has nothing to walk.
 *
 * A part counts once a surface: questions are too short for repetition to mean anything. Source of the formula:
 * Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009); k1 is 1.2 and b 0.5.
 */
import type { CandidateIndex, Surfaces } from './candidate-index.ts'
import type { Steps } from './steps.ts'
import { unknown } from './vocabulary.ts'

const k1 = 1.2
const b = 0.5
/** Parts that more of the surfaces have than this add to what was found by rarer ones, and find nothing themselves. */
const commonShare = 0.05
const readAStep = 500

export function* bm25Steps({ count, partsOf, vocabulary }: Surfaces): Steps<CandidateIndex> {
  const having = new Uint32Array(vocabulary.size())
  // The surface in which a part was last met, counted from 1.
  const met = new Uint32Array(having.length)
  const lengths = new Uint32Array(count)
  let filled = 0
  for (let at = 0; at < count; at++) {
    for (const number of partsOf(at)) {
      if (met[number] === at + 1) continue
      met[number] = at + 1
      having[number] = (having[number] ?? 0) + 1
      lengths[at] = (lengths[at] ?? 0) + 1
    }
    filled += lengths[at] ?? 0
    if (at % readAStep === 0) yield
  }
  const average = filled / Math.max(1, count)
  const gain = new Float32Array(count)
  for (let at = 0; at < count; at++) gain[at] = (k1 + 1) / (1 + k1 * (1 - b + (b * (lengths[at] ?? 0)) / average))
  yield

  // The surfaces of each part, one after the other.
  const begins = new Uint32Array(having.length + 1)
  for (let number = 0; number < having.length; number++)
    begins[number + 1] = (begins[number] ?? 0) + (having[number] ?? 0)
  const next = begins.slice()
  const surfaces = new Uint32Array(filled)
  met.fill(0)
  for (let at = 0; at < count; at++) {
    for (const number of partsOf(at)) {
      if (met[number] === at + 1) continue
      met[number] = at + 1
      const place = next[number] ?? 0
      surfaces[place] = at
      next[number] = place + 1
    }
    if (at % readAStep === 0) yield
  }
  const scores = new Float32Array(count)

  return {
    near(parts, limit) {
      const numbers = new Set(parts.map((part) => vocabulary.known(part)))
      const known = [...numbers].filter((number) => number !== unknown && (having[number] ?? 0) > 0)
      known.sort((one, other) => (having[one] ?? 0) - (having[other] ?? 0))
      const touched: number[] = []
      for (const number of known) {
        const times = having[number] ?? 0
        const rarity = Math.log(1 + (count - times + 0.5) / (times + 0.5))
        const mayFind = touched.length < limit || times <= count * commonShare
        for (let i = begins[number] ?? 0; i < (begins[number + 1] ?? 0); i++) {
          const at = surfaces[i] ?? 0
          const score = scores[at] ?? 0
          if (score === 0) {
            if (!mayFind) continue
            touched.push(at)
          }
          scores[at] = score + rarity * (gain[at] ?? 0)
        }
      }
      const best = highest(touched, scores, limit)
      for (const at of touched) scores[at] = 0
      return best
    },
  }
}

/** The best first, of equals the earlier one. */
function highest(touched: readonly number[], scores: Float32Array, limit: number): number[] {
  const best: number[] = []
  const isBetter = (one: number, other: number) => {
    const lead = (scores[one] ?? 0) - (scores[other] ?? 0)
    return lead > 0 || (lead === 0 && one < other)
  }
  for (const at of touched) {
    const last = best[best.length - 1]
    if (best.length === limit && (last === undefined || !isBetter(at, last))) continue
    let [low, high] = [0, best.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (isBetter(at, best[middle] ?? 0)) high = middle
      else low = middle + 1
    }
    if (best.length === limit) best.pop()
    best.splice(low, 0, at)
  }
  return best
}
