/**
 * What speech recognition makes of a question: some characters become others that sound the same. The others are taken
 * from the base's own questions, as a recogniser that knows its words would. The same text is always misheard alike.
 */
import { units } from '../text/grams.ts'
import { syllables } from '../text/pinyin.ts'
import type { Steps } from './steps.ts'

/** One character in so many. Telephone recognisers are wrong about one in ten; a bad line makes it more. */
const everyNth = 7

/** @param texts normalised. */
export function* mishearingSteps(texts: Iterable<string>): Steps<(text: string) => string> {
  const bySound = new Map<string, Set<string>>()
  for (const text of texts) {
    eachHeard(text, (character, sound) => {
      const same = bySound.get(sound)
      if (same) same.add(character)
      else bySound.set(sound, new Set([character]))
    })
    yield
  }
  return (text) => {
    let misheard = ''
    let since = text.length % everyNth
    eachHeard(text, (character, sound, at) => {
      const others = [...(bySound.get(sound) ?? [])].filter((other) => other !== character)
      const isDue = ++since >= everyNth && others.length > 0
      if (isDue) since = 0
      misheard += (isDue ? others[at % others.length] : undefined) ?? character
    })
    return misheard
  }
}

function eachHeard(text: string, heard: (character: string, sound: string, at: number) => void): void {
  const sounds = syllables(text)
  units(text).forEach((unit, at) => heard(unit, sounds[at] ?? unit, at))
}
