/**
 * Topic search by pinyin initials on the keys (T9): 9359 finds 异地就医. A caller types the words they think of, seldom
 * the title's own beginning, so the digits may start anywhere and skip characters; the closer they lie, the better.
 */
import { keysOf, type KeyedChar } from './readings.ts'

/** An entry's title and the similar questions that lead to it. */
export type Topic = { id: string; title: string; similar: readonly string[] }
export type FoundTopic = { id: string; title: string; score: number }

type Surface = { topic: Topic; keys: readonly KeyedChar[]; isTitle: boolean }

export const mostTopics = 3
/** One or two keys fit almost everything; nothing is found by them. */
export const fewestDigits = 2

export type TopicSearch = ReturnType<typeof topicSearch>

/** Builds the index (some 0.2 ms a surface, so seconds for a whole base), then answers from memory in milliseconds. */
export function topicSearch(topics: readonly Topic[]) {
  return searchOver(topics.flatMap(surfacesOf))
}

/** The same beside running calls: `breathe` is awaited after each topic, a few ms of work, so that no frame is late. */
export async function topicSearchInSlices(topics: readonly Topic[], breathe: () => Promise<void>) {
  const surfaces: Surface[] = []
  for (const topic of topics) {
    surfaces.push(...surfacesOf(topic))
    await breathe()
  }
  return searchOver(surfaces)
}

function surfacesOf(topic: Topic): Surface[] {
  return [
    { topic, keys: keysOf(topic.title), isTitle: true },
    ...topic.similar.map((wording) => ({ topic, keys: keysOf(wording), isTitle: false })),
  ]
}

function searchOver(surfaces: readonly Surface[]) {
  return {
    /** @returns at most three topics, best first, each once; none for fewer than two digits, or for a 0 or a 1 among them that no title has. */
    find(digits: string): FoundTopic[] {
      if (digits.length < fewestDigits || !/^\d+$/.test(digits)) return []
      const best = new Map<string, FoundTopic>()
      for (const { topic, keys, isTitle } of surfaces) {
        const score = fit(digits, keys) - (isTitle ? 0 : similarMalus)
        const known = best.get(topic.id)
        if (score > 0 && (!known || known.score < score))
          best.set(topic.id, { id: topic.id, title: topic.title, score })
      }
      return [...best.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, mostTopics)
    },
  }
}

const similarMalus = 0.05
const otherReadingMalus = 0.02
/** Beginning with the title beats lying in one piece inside it, which beats being scattered over it. */
const manner = { prefix: 3, inside: 2, scattered: 1 } as const

/** 0: does not fit; else manner + coverage, the share of the surface that was typed, in (0, 1]. */
function fit(digits: string, keys: readonly KeyedChar[]): number {
  if (digits.length > keys.length) return 0
  const coverage = digits.length / keys.length
  for (let from = 0; from + digits.length <= keys.length; from++) {
    const rare = rareReadings(digits, keys, from)
    if (rare !== undefined) {
      return manner[from === 0 ? 'prefix' : 'inside'] + coverage * 0.9 - rare * otherReadingMalus
    }
  }
  return isScattered(digits, keys) ? manner.scattered * coverage : 0
}

/** How many characters from `from` on fit only by another reading; undefined when they do not fit. */
function rareReadings(digits: string, keys: readonly KeyedChar[], from: number): number | undefined {
  let rare = 0
  // Run for every place of every surface at each search: nothing is allocated here.
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charAt(place)
    const char = keys[from + place]
    if (!char?.includes(digit)) return undefined
    if (char[0] !== digit) rare++
  }
  return rare
}

/** In order, with gaps; two thirds of the surface must have been typed, or chance finds it. */
function isScattered(digits: string, keys: readonly KeyedChar[]): boolean {
  if (digits.length * 3 < keys.length * 2) return false
  let typed = 0
  for (const char of keys) if (char.includes(digits[typed] ?? '')) typed++
  return typed >= digits.length
}
