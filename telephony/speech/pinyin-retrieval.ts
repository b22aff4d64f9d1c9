/**
 * From misheard syllables to the entries they may have meant: TF-IDF over single syllables, pairs and triples, exact
 * and folded into classes that a recogniser confuses (zh/z/j, l/n/r, in/ing).
 *
 * Invariant: a score is a cosine in [0, 1]; an entry is as good as its best wording. Weights were chosen on spoken
 * paraphrases of 300 questions: hearing is far worse than reading, so half of the evidence is folded.
 */
import { inParts } from './syllable.ts'

const weights = { syllable: 1, folded: 1, pair: 0.6, foldedPair: 0.6, gap: 0.6, triple: 0.1 } as const
/** Rare grams count more, but less than a text index would have it: a misheard gram is rare as well. */
const rarity = 0.7

export type Wording = { id: string; syllables: readonly string[] }
export type Retrieved = { id: string; score: number }
type Vector = Map<string, number>

const initialClass: Readonly<Record<string, string>> = {
  zh: 'z',
  j: 'z',
  ch: 'c',
  q: 'c',
  sh: 's',
  x: 's',
  l: 'n',
  r: 'n',
  f: 'h',
  g: 'k',
  d: 't',
  b: 'p',
}
const finalClass: Readonly<Record<string, string>> = {
  ing: 'in',
  eng: 'en',
  ang: 'an',
  iang: 'ian',
  uang: 'uan',
  ong: 'ong',
  ueng: 'en',
  un: 'en',
  uan: 'uan',
  van: 'ian',
  vn: 'in',
  ve: 'ie',
  v: 'i',
  ou: 'o',
  uo: 'o',
  '-i': 'e',
  er: 'e',
  iu: 'o',
  ia: 'a',
  ua: 'a',
}

function fold(syllable: string): string {
  const { initial, final } = inParts(syllable)
  return `${initialClass[initial] ?? initial}_${finalClass[final] ?? final}`
}

/** Built once for a published base; searching changes nothing. */
export function pinyinIndex(wordings: readonly Wording[]) {
  const features = wordings.map(({ syllables }) => featuresOf(syllables))
  const holders = new Map<string, number>()
  for (const vector of features) for (const gram of vector.keys()) holders.set(gram, (holders.get(gram) ?? 0) + 1)

  const postings = new Map<string, { wording: number; weight: number }[]>()
  features.forEach((vector, wording) => {
    for (const [gram, weight] of unitVector(vector)) {
      const list = postings.get(gram) ?? []
      list.push({ wording, weight })
      postings.set(gram, list)
    }
  })

  function unitVector(vector: Vector): Vector {
    const weighted = new Map<string, number>()
    let squares = 0
    for (const [gram, count] of vector) {
      const weight =
        (count > 1 ? 1 + Math.log(count) : count) * Math.log(1 + wordings.length / (holders.get(gram) ?? 0.5)) ** rarity
      weighted.set(gram, weight)
      squares += weight * weight
    }
    const length = Math.sqrt(squares) || 1
    for (const [gram, weight] of weighted) weighted.set(gram, weight / length)
    return weighted
  }

  return {
    /** @returns at most `limit` entries, best first, each once; none for nothing heard. */
    best(heard: readonly string[], limit: number): Retrieved[] {
      const scores = new Float64Array(wordings.length)
      for (const [gram, weight] of unitVector(featuresOf(heard)))
        for (const { wording, weight: there } of postings.get(gram) ?? [])
          scores[wording] = (scores[wording] ?? 0) + weight * there
      const byEntry = new Map<string, number>()
      wordings.forEach(({ id }, i) => byEntry.set(id, Math.max(byEntry.get(id) ?? 0, scores[i] ?? 0)))
      return [...byEntry]
        .map(([id, score]) => ({ id, score: Math.min(1, score) }))
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score)
        .slice(0, limit)
    },
  }
}
export type PinyinIndex = ReturnType<typeof pinyinIndex>

function featuresOf(syllables: readonly string[]): Vector {
  const vector: Vector = new Map()
  const add = (gram: string, weight: number) => vector.set(gram, (vector.get(gram) ?? 0) + weight)
  const folded = syllables.map(fold)
  syllables.forEach((one, i) => {
    const [alike, next, nextAlike, afterAlike] = [folded[i], syllables[i + 1], folded[i + 1], folded[i + 2]]
    add(`s${one}`, weights.syllable)
    add(`f${alike}`, weights.folded)
    if (next === undefined) return
    add(`p${one} ${next}`, weights.pair)
    add(`q${alike} ${nextAlike}`, weights.foldedPair)
    if (afterAlike === undefined) return
    add(`g${alike} ${afterAlike}`, weights.gap)
    add(`t${alike} ${nextAlike} ${afterAlike}`, weights.triple)
  })
  return vector
}
