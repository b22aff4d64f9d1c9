/**
 * How a text sounds, as far as a telephone and an accent let it be heard: toneless syllables in which zh/z, ch/c, sh/s,
 * n/l and in/ing, en/eng are one. Words are read as words, so that the 行 of 银行 and of 行走 differ.
 */
import { pinyin } from 'pinyin-pro'
import { allWords } from './general-language.ts'

const mostRemembered = 50_000
const readings = new Map<string, string[]>()

/** One syllable a character; a run of latin letters or digits stands for itself. */
export function syllables(normalised: string): string[] {
  return soundsOf(allWords(normalised))
}

/** The same of a text whose words were told apart already. */
export function soundsOf(words: readonly string[]): string[] {
  return words.flatMap(read)
}

function read(word: string): string[] {
  const remembered = readings.get(word)
  if (remembered) return remembered
  const reading = /[a-z0-9]/.test(word)
    ? (word.match(/[a-z0-9.]+/g) ?? [])
    : pinyin(word, { toneType: 'none', type: 'array' }).map(folded)
  // What callers say has no end; the words of the base are read again soon enough.
  if (readings.size >= mostRemembered) readings.clear()
  readings.set(word, reading)
  return reading
}

function folded(syllable: string): string {
  return syllable
    .replace(/^([zcs])h/, '$1')
    .replace(/^n/, 'l')
    .replace(/([ie])ng$/, '$1n')
}

/** Single syllables, then neighbouring pairs; none is ever the same string as a gram of characters. */
export function syllableGrams(of: readonly string[]): string[] {
  const grams = of.map((syllable) => `.${syllable}`)
  for (let i = 0; i + 1 < of.length; i++) grams.push(`.${of[i]}.${of[i + 1]}`)
  return grams
}
