/**
 * An inverted index for large bases, ranked by BM25. All that grows with the base lies in a few flat arrays, so that
 * 100,000 questions take some tens of megabytes and the collector has nothing to walk.
 *
 * A part counts once a surface: questions are too short for repetition to mean anything. Source of the formula:
 * Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009); k1 is 1.2 and b 0.5.
 */
import type { CandidateIndex } from './candidates.ts'
import type { Steps } from './steps.ts'

const k1 = 1.2
const b = 0.5
/** Parts that more of the surfaces have than this add to what was found by rarer ones, and find nothing themselves. */
const commonShare = 0.05
const readAStep = 200

export function* bm25Steps(count: number, partsOf: (at: number) => string[]): Steps<CandidateIndex> {
  const numbers = new Map<string, number>()
  const having: number[] = []
  const begins = new Uint32Array(count + 1)
  let said = new Uint32Array(count * 24)
  let filled = 0
  for (let at = 0; at < count; at++) {
    for (const part of new Set(partsOf(at))) {
      let number = numbers.get(part)
      if (number === undefined) {
        number = having.length
        numbers.set(part, number)
        having.push(0)
      }
      having[number] = (having[number] ?? 0) + 1
      if (filled === said.length) said = grown(said)
      said[filled++] = number
    }
    begins[at + 1] = filled
    if (at % readAStep === 0) yield
  }
  const average = filled / Math.max(1, count)
  const gain = new Float32Array(count)
  for (let at = 0; at < count; at++) {
    const length = (begins[at + 1] ?? 0) - (begins[at] ?? 0)
    gain[at] = (k1 + 1) / (1 + k1 * (1 - b + (b * length) / average))
  }
  yield
  const postings = yield* inverted(said, begins, having)
  const scores = new Float32Array(count)

  return {
    near(parts, limit) {
      const known = [...new Set(parts)].flatMap((part) => numbers.get(part) ?? [])
      known.sort((one, other) => (having[one] ?? 0) - (having[other] ?? 0))
      const touched: number[] = []
      for (const number of known) {
        const times = having[number] ?? 0
        const rarity = Math.log(1 + (count - times + 0.5) / (times + 0.5))
        const mayFind = touched.length < limit || times <= count * commonShare
        for (let i = postings.begins[number] ?? 0; i < (postings.begins[number + 1] ?? 0); i++) {
          const at = postings.surfaces[i] ?? 0
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

/** The surfaces of each part, one after the other. */
function* inverted(said: Uint32Array, begins: Uint32Array, having: readonly number[]) {
  const partBegins = new Uint32Array(having.length + 1)
  for (let number = 0; number < having.length; number++)
    partBegins[number + 1] = (partBegins[number] ?? 0) + (having[number] ?? 0)
  const next = partBegins.slice()
  const surfaces = new Uint32Array(begins[begins.length - 1] ?? 0)
  for (let at = 0; at + 1 < begins.length; at++) {
    for (let i = begins[at] ?? 0; i < (begins[at + 1] ?? 0); i++) {
      const number = said[i] ?? 0
      const place = next[number] ?? 0
      surfaces[place] = at
      next[number] = place + 1
    }
    if (at % readAStep === 0) yield
  }
  return { begins: partBegins, surfaces }
}

function highest(touched: number[], scores: Float32Array, limit: number): number[] {
  let least = 0
  if (touched.length > limit) {
    const sorted = Float32Array.from(touched, (at) => scores[at] ?? 0).sort()
    least = sorted[sorted.length - limit] ?? 0
  }
  return touched
    .filter((at) => (scores[at] ?? 0) >= least)
    .sort((one, other) => (scores[other] ?? 0) - (scores[one] ?? 0) || one - other)
    .slice(0, limit)
}

function grown(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(64, array.length * 2))
  larger.set(array)
  return larger
}
