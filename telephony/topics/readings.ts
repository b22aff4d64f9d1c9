/**
 * Which keys a title is typed with: for each character the key of its pinyin initial. A character with several
 * readings may be typed by any of them; the reading that fits the word comes first. Latin letters and figures stand
 * for themselves, marks and blanks for nothing.
 */
import { pinyin } from 'pinyin-pro'
import { readings } from '../speech/lexicon.ts'

const keyOfLetter: Readonly<Record<string, string>> = Object.fromEntries(
  ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'].flatMap((letters, place) =>
    [...letters].map((letter) => [letter, String(place + 2)]),
  ),
)

/** The keys of one character: the fitting reading first, other readings after it. */
export type KeyedChar = readonly [first: string, ...others: string[]]

export function keysOf(title: string): KeyedChar[] {
  const read = readings(title)
  return [...title].flatMap((char, place): KeyedChar[] => {
    const first = keyOfReading(read[place] ?? char)
    if (!first) return []
    const others = read[place] ? keysOfChar(char) : []
    return [[first, ...others.filter((key) => key !== first)]]
  })
}

/** Looking a character's readings up is slow, and a base is written with some two thousand of them. */
const keysByChar = new Map<string, readonly string[]>()

function keysOfChar(char: string): readonly string[] {
  const known = keysByChar.get(char)
  if (known) return known
  const all = pinyin(char, { multiple: true, type: 'array', toneType: 'none' })
  const keys = [...new Set(all.flatMap((reading) => keyOfReading(reading) ?? []))]
  keysByChar.set(char, keys)
  return keys
}

/** @param reading toneless or toned pinyin, a letter or a figure; anything else has no key. */
function keyOfReading(reading: string): string | undefined {
  const letter = reading.charAt(0).toLowerCase()
  return /^[0-9]$/.test(letter) ? letter : keyOfLetter[letter]
}
