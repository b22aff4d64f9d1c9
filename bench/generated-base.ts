/** Questions made by chance, the same ones each time: what a base of any size weighs and costs, not how right it is. */
import { dict } from '@node-rs/jieba/dict.js'
import type { SetEntry } from './evaluation-set.ts'

const asking = ['怎么办理', '要什么材料', '多少钱', '在哪里办', '可以报销吗', '什么时候到账', '为什么不行', '怎么查询']
const wordsEach = { least: 2, most: 4 }
const wordsOfAnswer = 60

/**
 * @param similar how many more questions each entry has, a word of it changed; with any, it has an answer of many words too.
 * @returns entries of 8 to 16 characters or so, and questions that change a word of one.
 */
export function generatedBase(entries: number, questions: number, similar = 0): { kb: SetEntry[]; queries: string[] } {
  const draw = chance(20_261_122)
  const word = drawing(draw)
  const many = () => Array.from({ length: wordsEach.least + draw(wordsEach.most - wordsEach.least + 1) }, word)
  const made = Array.from({ length: entries }, () => [...many(), asking[draw(asking.length)] ?? ''])
  const queries = Array.from({ length: questions }, () => {
    const parts = [...(made[draw(entries)] ?? [])]
    parts[draw(parts.length)] = word()
    return parts.join('')
  })
  const changed = (of: readonly string[]) => {
    const parts = [...of]
    parts[draw(parts.length)] = word()
    return parts.join('')
  }
  const kb = made.map((parts, at): SetEntry => {
    const entry = { id: `e-${at}`, question: parts.join('') }
    if (similar === 0) return entry
    const answer = Array.from({ length: wordsOfAnswer }, word).join('')
    return { ...entry, similar: Array.from({ length: similar }, () => changed(parts)), answer }
  })
  return { kb, queries }
}

/** Words of the dictionary by their frequency. */
function drawing(draw: (below: number) => number): () => string {
  const words: string[] = []
  const upTo: number[] = []
  let total = 0
  for (const line of new TextDecoder().decode(dict).split('\n')) {
    const [word = '', frequency = '0'] = line.split(' ')
    if (!/^\p{Script=Han}{2,4}$/u.test(word)) continue
    total += Number(frequency)
    words.push(word)
    upTo.push(total)
  }
  return () => {
    const at = draw(total)
    let low = 0
    let high = upTo.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((upTo[middle] ?? 0) > at) high = middle
      else low = middle + 1
    }
    return words[low] ?? ''
  }
}

/** A linear congruential generator (Numerical Recipes' constants): the same numbers on every machine. */
function chance(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
