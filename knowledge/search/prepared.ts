/**
 * A question with everything about it that a comparison needs, and how rare its parts are in this base. What only the
 * phone needs is worked out when it is first asked for.
 */
import { tellingness, words } from '../text/general-language.ts'
import { grams, units } from '../text/grams.ts'
import { loosened } from '../text/normalise.ts'
import { syllableGrams, syllables } from '../text/pinyin.ts'
import type { Steps } from './steps.ts'

/** Rarity of a part: high when few entries have it, highest when none has. */
export type Rarity = (part: string) => number

/** Parts with their weights, for a cosine: rarity times damped count. */
export type Profile = { weights: Map<string, number>; length: number }
/** Parts with their weights, for asking how much of a text another one covers. A repeated part counts each time. */
export type Mass = { weights: Map<string, number>; total: number }

export type Prepared = {
  text: string
  /** What is compared: see `loosened`. */
  loose: string
  units: string[]
  profile: Profile
  /** Single units by their rarity here, and by how much they say in general. */
  rare: Mass
  telling: Mass
  /** Words by both together, and by how much they say in general. */
  rareWords: Mass
  tellingWords: Mass
  negated: boolean
  sound(): Sound
}
export type Sound = { syllables: string[]; profile: Profile; rare: Mass }

const entriesAStep = 20
const negation = /没|不|未|无|别/

/** Counted by entry, so that an entry with many similar questions does not make its own words common. */
export function* raritySteps(
  entries: readonly (readonly string[])[],
  partsIn: (text: string) => string[],
): Steps<Rarity> {
  const having = new Map<string, number>()
  for (const [at, texts] of entries.entries()) {
    for (const part of new Set(texts.flatMap(partsIn))) having.set(part, (having.get(part) ?? 0) + 1)
    if (at % entriesAStep === 0) yield
  }
  return (part) => Math.log(1 + Math.max(entries.length, 1) / ((having.get(part) ?? 0) + 0.5))
}

/** What rarity is counted of. A word of two characters is a pair, so only longer ones are added. */
export function partsOf(normalised: string): string[] {
  const loose = loosened(normalised)
  return [...grams(loose), ...words(loose).filter((word) => word.length > 2)]
}

/** @param soundRarity counted over syllableGrams. */
export function prepare(normalised: string, rarity: Rarity, soundRarity: Rarity): Prepared {
  const loose = loosened(normalised)
  const single = units(loose)
  const said = [...new Set(words(loose))]
  let sound: Sound | undefined
  return {
    text: normalised,
    loose,
    units: single,
    profile: profileOf(grams(loose), (gram) => rarity(gram) * (isSingle(gram) ? 0.5 + tellingness(gram) : 1)),
    rare: massOf(single, rarity),
    telling: massOf(single, tellingness),
    rareWords: massOf(said, (word) => rarity(word) * tellingness(word)),
    tellingWords: massOf(said, tellingness),
    negated: negation.test(loose),
    sound() {
      sound ??= heard(syllables(loose), soundRarity)
      return sound
    },
  }
}

function heard(of: string[], rarity: Rarity): Sound {
  const all = syllableGrams(of)
  return { syllables: of, profile: profileOf(all, rarity), rare: massOf(all, rarity) }
}

function isSingle(gram: string): boolean {
  return gram.length === 1
}

function profileOf(parts: readonly string[], weigh: (part: string) => number): Profile {
  const weights = new Map<string, number>()
  for (const part of parts) weights.set(part, (weights.get(part) ?? 0) + 1)
  let squares = 0
  for (const [part, count] of weights) {
    const weight = (1 + Math.log(count)) * weigh(part)
    weights.set(part, weight)
    squares += weight * weight
  }
  return { weights, length: Math.sqrt(squares) }
}

function massOf(parts: readonly string[], weigh: (part: string) => number): Mass {
  const weights = new Map<string, number>()
  let total = 0
  for (const part of parts) {
    const weight = weights.get(part) ?? weigh(part)
    weights.set(part, weight)
    total += weight
  }
  return { weights, total }
}
