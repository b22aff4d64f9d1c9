/**
 * What the texts of a base are made of, as numbers: read once, whichever indexes they stand in. A publication changes
 * one text of thousands, and the others are not read again for it.
 *
 * Invariant: a wording is what it was when it was first read; whoever changes one makes another.
 */
import type { Wording } from '../../contract/entry.ts'
import type { Cities } from '../cities.ts'
import { allWords, telling } from '../text/general-language.ts'
import { grams } from '../text/grams.ts'
import { loosened, normalise } from '../text/normalise.ts'
import { soundsOf, syllableGrams } from '../text/pinyin.ts'
import type { CandidateIndex } from './candidate-index.ts'
import { outline, partsOf, type Outline } from './prepared.ts'
import { recent } from './recent.ts'
import { vocabulary } from './vocabulary.ts'

export type Concordance = ReturnType<typeof concordance>
/** One wording. Three ends a text: of its characters and pairs, of its longer words, of its sounds. */
export type Spelled = {
  /** The question, then the similar ones, as they are compared: normalised, without city names. */
  texts: readonly string[]
  numbers: Uint32Array
  ends: Uint32Array
}

/** A place, looked through: it depends on the questions alone, so it is good for every base in which a place has the same ones. */
export type LookedThrough = {
  wordings: readonly Wording[]
  written: CandidateIndex
  heard: CandidateIndex
  exact: (text: string) => number[]
}

/** Some three kilobytes each. */
const mostOutlines = 20_000

export function concordance(cities: Cities) {
  const words = vocabulary()
  const sounds = vocabulary()
  const spelled = new WeakMap<Wording, Spelled>()
  const answers = new WeakMap<Wording, Uint32Array>()
  let lastAsked: { outlined: Outline; known: number } | undefined
  const compared = (raw: string) => cities.takenOut(normalise(raw)).text

  function spell({ question, similar }: Wording): Spelled {
    const texts = [question, ...similar].map(compared)
    const numbers: number[] = []
    const ends: number[] = []
    for (const text of texts) {
      const loose = loosened(text)
      const all = allWords(loose)
      for (const gram of grams(loose)) numbers.push(words.numberOf(gram))
      ends.push(numbers.length)
      for (const word of telling(all)) if (word.length > 2) numbers.push(words.numberOf(word))
      ends.push(numbers.length)
      for (const sound of syllableGrams(soundsOf(all))) numbers.push(sounds.numberOf(sound))
      ends.push(numbers.length)
    }
    return { texts, numbers: Uint32Array.from(numbers), ends: Uint32Array.from(ends) }
  }

  return {
    words,
    sounds,

    /** As each was last looked through, by name. */
    places: new Map<string, LookedThrough>(),

    /** Of a text of the base. */
    outline: recent(
      mostOutlines,
      (text: string): Outline => outline(text, { word: words.numberOf, sound: sounds.numberOf }),
    ),

    /** Of a question from outside; of one that is asked of several bases in turn, made once. */
    asked(text: string): Outline {
      const known = words.size() + sounds.size()
      if (lastAsked?.outlined.text !== text || lastAsked.known !== known)
        lastAsked = { outlined: outline(text, { word: words.known, sound: sounds.known }), known }
      return lastAsked.outlined
    },

    of(wording: Wording): Spelled {
      const known = spelled.get(wording)
      if (known) return known
      const read = spell(wording)
      spelled.set(wording, read)
      return read
    },

    /** The parts of the answer. */
    answer(wording: Wording): Uint32Array {
      const known = answers.get(wording)
      if (known) return known
      const read = Uint32Array.from(partsOf(compared(wording.answer)), words.numberOf)
      answers.set(wording, read)
      return read
    },
  }
}

/** The characters and pairs of one text, in order, repeats included. */
export function gramsAt({ numbers, ends }: Spelled, at: number): Uint32Array {
  return numbers.subarray(ends[3 * at - 1] ?? 0, ends[3 * at])
}

/** The same, then its longer words: `partsOf`. */
export function partsAt({ numbers, ends }: Spelled, at: number): Uint32Array {
  return numbers.subarray(ends[3 * at - 1] ?? 0, ends[3 * at + 1])
}

/** What is heard of it, in order, repeats included. */
export function soundsAt({ numbers, ends }: Spelled, at: number): Uint32Array {
  return numbers.subarray(ends[3 * at + 1], ends[3 * at + 2])
}
