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

/** Parts with their weights, once to look up and once to walk along. */
type Weighted = { weights: ReadonlyMap<string, number>; parts: readonly string[]; values: Float64Array }
/** For a cosine: rarity times damped count. */
export type Profile = Weighted & { length: number }
/** For asking how much of a text another one covers. A repeated part counts each time. */
export type Mass = Weighted & { total: number }
/** `places` has a bit for each place at which a unit stands; undefined when there are more units than bits. */
export type Sequence = { units: readonly string[]; places: () => ReadonlyMap<string, number> | undefined }

export type Prepared = Sequence & {
  text: string
  /** What is compared: see `loosened`. */
  loose: string
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
export type Sound = Sequence & { profile: Profile; rare: Mass }

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
    ...sequence(single),
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
  return { ...sequence(of), profile: profileOf(all, rarity), rare: massOf(all, rarity) }
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
  return { ...weighted(weights), length: Math.sqrt(squares) }
}

function massOf(parts: readonly string[], weigh: (part: string) => number): Mass {
  const counts = new Map<string, number>()
  for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1)
  let total = 0
  for (const [part, count] of counts) {
    const weight = weigh(part)
    counts.set(part, weight)
    total += count * weight
  }
  return { ...weighted(counts), total }
}

function weighted(weights: ReadonlyMap<string, number>): Weighted {
  return { weights, parts: [...weights.keys()], values: Float64Array.from(weights.values()) }
}

const bits = 32

function sequence(units: readonly string[]): Sequence {
  let known: Map<string, number> | undefined
  return {
    units,
    places() {
      if (units.length > bits) return undefined
      known ??= placesOf(units)
      return known
    },
  }
}

function placesOf(units: readonly string[]): Map<string, number> {
  const places = new Map<string, number>()
  units.forEach((unit, at) => places.set(unit, (places.get(unit) ?? 0) | (1 << at)))
  return places
}
