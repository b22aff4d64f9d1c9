/**
 * What is known of Chinese before any entry is: where its words begin, and how much a word or a character says. 的 and
 * 怎么 say little in any base, however small; the base itself cannot know that from thirty questions.
 *
 * The one source is the dictionary that jieba ships (MIT), with the frequency of each word. It is read at first use.
 */
import { Jieba } from '@node-rs/jieba'
import { dict } from '@node-rs/jieba/dict.js'

type Language = { jieba: Jieba; weigh: (part: string) => number }

/** Below this frequency a word is as telling as one that is in no dictionary. */
const leastFrequency = 100
const smoothing = 500
const stopWords = new Set('的了吗呢啊我你是在就都和与也有这那个要去给把被请下吧呀里上到用')

let language: Language | undefined

function known(): Language {
  language ??= { jieba: Jieba.withDict(dict), weigh: weighing(frequencies(new TextDecoder().decode(dict))) }
  return language
}

/** A word, or a single character, in (0, 1]: 1 for what is in no dictionary. */
export function tellingness(part: string): number {
  return known().weigh(part)
}

/** The words of a normalised text without those that say nothing; a text of nothing else has none. */
export function words(normalised: string): string[] {
  return telling(allWords(normalised))
}

/** The same of words that were told apart already. */
export function telling(all: readonly string[]): string[] {
  return all.filter((word) => !stopWords.has(word) && word.trim() !== '')
}

/** Every word, in order; together they are the text. */
export function allWords(normalised: string): string[] {
  return known().jieba.cut(normalised, true)
}

/** @param lines "word frequency part-of-speech", one a line. A character's frequency is that of all words it is in. */
function frequencies(lines: string): Map<string, number> {
  const found = new Map<string, number>()
  // There are 350,000 lines: what nearly all characters add up to lies in an array, and no line is cut into pieces.
  const common = new Float64Array(0x1_00_00)
  for (let at = 0; at < lines.length; ) {
    const nextLine = lines.indexOf('\n', at)
    const end = nextLine < 0 ? lines.length : nextLine
    const blank = lines.indexOf(' ', at)
    const word = lines.slice(at, blank < 0 ? end : Math.min(blank, end))
    const frequency = blank < 0 || blank > end ? 0 : parseInt(lines.slice(blank + 1, blank + 12), 10)
    at = end + 1
    if (frequency >= leastFrequency && word.length > 1) found.set(word, frequency)
    for (const character of word) {
      if (character.length === 1) common[character.charCodeAt(0)] = (common[character.charCodeAt(0)] ?? 0) + frequency
      else found.set(character, (found.get(character) ?? 0) + frequency)
    }
  }
  for (const [code, frequency] of common.entries()) if (frequency > 0) found.set(String.fromCharCode(code), frequency)
  return found
}

function weighing(frequency: ReadonlyMap<string, number>): (part: string) => number {
  let total = 0
  for (const [part, times] of frequency) if (part.length === 1) total += times
  const most = Math.log(1 + total / smoothing)
  return (part) => Math.log(1 + total / ((frequency.get(part) ?? 0) + smoothing)) / most
}
