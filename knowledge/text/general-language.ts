/**
 * What is known of Chinese before any entry is: where its words begin, and how much a word or a character says. 的 and
 * 怎么 say little in any base, however small; the base itself cannot know that from thirty questions.
 *
 * The one source is the dictionary that jieba ships (MIT), with the frequency of each word. It is read at first use.
 */
import { Jieba } from '@node-rs/jieba'
import { dict } from '@node-rs/jieba/dict.js'
import type { Steps } from '../search/steps.ts'

type Language = { jieba: Jieba; weigh: (part: string) => number }

/** Below this frequency a word is as telling as one that is in no dictionary. */
const leastFrequency = 100
const smoothing = 500
const stopWords = new Set('的了吗呢啊我你是在就都和与也有这那个要去给把被请下吧呀里上到用')

const bytesAStep = 16 * 1_024
const endOfLine = '\n'.charCodeAt(0)

let language: Language | undefined
let reading: Steps<Language> | undefined

/** Reads the dictionary, unless it was read, so that nobody has to wait for it; whoever cannot wait reads on from there. */
export function* languageSteps(): Steps<void> {
  while (!language) {
    readOn()
    yield
  }
}

function known(): Language {
  while (!language) readOn()
  return language
}

function readOn(): void {
  reading ??= readingSteps()
  const { done, value } = reading.next()
  if (done) language = value
}

function* readingSteps(): Steps<Language> {
  const jieba = new Jieba()
  const counts = counting()
  for (let at = 0; at < dict.length; ) {
    const lineEnd = dict.indexOf(endOfLine, at + bytesAStep)
    const end = lineEnd < 0 ? dict.length : lineEnd + 1
    const some = dict.subarray(at, end)
    jieba.loadDict(some)
    yield
    counts.add(new TextDecoder().decode(some))
    yield
    at = end
  }
  const frequency = counts.all()
  yield
  return { jieba, weigh: weighing(frequency) }
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

/** Of lines of "word frequency part-of-speech". A character's frequency is that of all words it is in. */
function counting() {
  const found = new Map<string, number>()
  // There are 350,000 lines: what nearly all characters add up to lies in an array, and no line is cut into pieces.
  const common = new Float64Array(0x1_00_00)
  return {
    add(lines: string): void {
      for (let at = 0; at < lines.length; ) {
        const nextLine = lines.indexOf('\n', at)
        const end = nextLine < 0 ? lines.length : nextLine
        const blank = lines.indexOf(' ', at)
        const word = lines.slice(at, blank < 0 ? end : Math.min(blank, end))
        const frequency = blank < 0 || blank > end ? 0 : parseInt(lines.slice(blank + 1, blank + 12), 10)
        at = end + 1
        if (frequency >= leastFrequency && word.length > 1) found.set(word, frequency)
        for (const character of word) {
          const code = character.charCodeAt(0)
          if (character.length === 1) common[code] = (common[code] ?? 0) + frequency
          else found.set(character, (found.get(character) ?? 0) + frequency)
        }
      }
    },

    all(): ReadonlyMap<string, number> {
      for (const [code, frequency] of common.entries())
        if (frequency > 0) found.set(String.fromCharCode(code), frequency)
      return found
    },
  }
}

function weighing(frequency: ReadonlyMap<string, number>): (part: string) => number {
  let total = 0
  for (const [part, times] of frequency) if (part.length === 1) total += times
  const most = Math.log(1 + total / smoothing)
  return (part) => Math.log(1 + total / ((frequency.get(part) ?? 0) + smoothing)) / most
}
