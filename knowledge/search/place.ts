/**
 * The questions of one place, the whole country or a city, ready to be looked through: by what is written and by what
 * is heard. Candidates are looked for in each place apart, so that one city's entries never crowd out another's.
 */
import type { PublishedRevision } from '../entries.store.ts'
import { grams } from '../text/grams.ts'
import { loosened } from '../text/normalise.ts'
import { syllableGrams, syllables } from '../text/pinyin.ts'
import { candidateSteps } from './candidates.ts'
import { prepare, type Prepared, type Rarity } from './prepared.ts'
import type { Steps } from './steps.ts'

export type Surface = { revision: PublishedRevision; text: string }
export type Place = {
  surfaces: readonly Surface[]
  /** Positions of surfaces worth comparing with what was asked; those that are the very same come first. */
  near(asked: Prepared, voice: boolean): Iterable<number>
  prepared(at: number): Prepared
}

const candidates = 60
/** Some kilobytes each; a base of more surfaces prepares those that it compares anew. */
const mostRemembered = 10_000

export function* placeSteps(surfaces: readonly Surface[], rarity: Rarity, soundRarity: Rarity): Steps<Place> {
  const textAt = (at: number) => surfaces[at]?.text ?? ''
  const written = yield* candidateSteps(surfaces.length, (at) => grams(loosened(textAt(at))))
  const heard = yield* candidateSteps(surfaces.length, (at) => syllableGrams(syllables(loosened(textAt(at)))))
  const exact = new Map<string, number[]>()
  surfaces.forEach(({ text }, at) => {
    const same = exact.get(text)
    if (same) same.push(at)
    else exact.set(text, [at])
  })
  const remembered = new Map<number, Prepared>()

  return {
    surfaces,
    near(asked, voice) {
      const found = new Set(exact.get(asked.text))
      for (const at of written.near([...asked.profile.weights.keys()], candidates)) found.add(at)
      if (voice) for (const at of heard.near([...asked.sound().profile.weights.keys()], candidates)) found.add(at)
      return found
    },
    prepared(at) {
      const known = remembered.get(at)
      if (known) return known
      const made = prepare(textAt(at), rarity, soundRarity)
      if (remembered.size >= mostRemembered) remembered.clear()
      remembered.set(at, made)
      return made
    },
  }
}
