/**
 * Which of the phrases just read out was meant, when the engine gives free text.
 *
 * Invariant: sound is compared, not spelling, so a homophone of a title is the title.
 */
import { syllables } from './lexicon.ts'
import { pinyinIndex } from './pinyin-retrieval.ts'
import type { Candidate, Choice } from './recogniser.ts'
import { spokenText } from './spoken-text.ts'

/** Below this it was something else; above `certain` it was the title itself. */
const leastAlike = 0.5
export const certain = 0.95

/** The same titles are read out call after call. */
const sounds = new Map<string, readonly string[]>()
const mostSounds = 5_000

function soundOf(wording: string): readonly string[] {
  const known = sounds.get(wording)
  if (known) return known
  const sound = syllables(spokenText(wording))
  if (sounds.size >= mostSounds) sounds.clear()
  sounds.set(wording, sound)
  return sound
}

/** @returns the choices that sound like the text, best first; none when none does. */
export function choicesHeard(text: string, choices: readonly Choice[]): Candidate[] {
  const index = pinyinIndex(
    choices.flatMap(({ id, title, similar = [] }) =>
      [title, ...similar].map((wording) => ({ id, syllables: soundOf(wording) })),
    ),
  )
  const titles = new Map(choices.map(({ id, title }) => [id, title]))
  return index
    .best(syllables(spokenText(text)), choices.length)
    .filter(({ score }) => score >= leastAlike)
    .map(({ id, score }) => ({ id, title: titles.get(id) ?? '', score }))
}
