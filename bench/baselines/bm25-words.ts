/** BM25 (k1 1.2, b 0.5) over the words that jieba cuts, the usual way for Chinese text. */
import { Jieba } from '@node-rs/jieba'
import { dict } from '@node-rs/jieba/dict.js'
import { normalise } from '../../knowledge/text/normalise.ts'
import { textsWanted, type Baseline } from './baseline.ts'

const k1 = 1.2
const b = 0.5

export const bm25Words: Baseline = (surfaces) => {
  const jieba = Jieba.withDict(dict)
  const words = (text: string) => jieba.cutForSearch(normalise(text), true).filter((word) => word.trim() !== '')
  const lengths: number[] = []
  const having = new Map<string, [at: number, count: number][]>()
  surfaces.forEach(({ text }, at) => {
    const counts = new Map<string, number>()
    const all = words(text)
    for (const word of all) counts.set(word, (counts.get(word) ?? 0) + 1)
    lengths.push(all.length)
    for (const [word, count] of counts) {
      const texts = having.get(word)
      if (texts) texts.push([at, count])
      else having.set(word, [[at, count]])
    }
  })
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length)
  return (text) => {
    const scores = new Map<number, number>()
    for (const word of new Set(words(text))) {
      const texts = having.get(word) ?? []
      const rarity = Math.log(1 + (surfaces.length - texts.length + 0.5) / (texts.length + 0.5))
      for (const [at, count] of texts) {
        const damped = count + k1 * (1 - b + (b * (lengths[at] ?? 0)) / average)
        scores.set(at, (scores.get(at) ?? 0) + (rarity * count * (k1 + 1)) / damped)
      }
    }
    const best = [...scores].sort((one, other) => other[1] - one[1]).slice(0, textsWanted)
    return best.flatMap(([at]) => surfaces[at]?.entry ?? [])
  }
}
