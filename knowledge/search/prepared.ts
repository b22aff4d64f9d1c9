/**
 * A question with everything about it that a comparison needs. What does not depend on the base is its outline, which
 * lasts as long as the text does; how rare its parts are is another thing in each base. What only the phone needs is
 * worked out when it is first asked for.
 */
import { tellingness, words } from '../text/general-language.ts'
import { grams, units } from '../text/grams.ts'
import { loosened } from '../text/normalise.ts'
import { syllableGrams, syllables } from '../text/pinyin.ts'
import type { Rarities, Rarity } from './rarity.ts'

/**
 * Parts with their weights, to look up and to walk along. Plain arrays: a typed one lies outside the heap from a few
 * numbers on, and of tens of thousands of those the collector has more work than of all that is in them.
 */
export type Weighted = { parts: readonly string[]; places: ReadonlyMap<string, number>; values: readonly number[] }
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

/** Parts of a text, each once in the order in which they come: their numbers, and how often they come. */
type Parts = Pick<Weighted, 'parts' | 'places'> & { numbers: readonly number[]; times: readonly number[] }
export type Outline = Sequence &
  Pick<Prepared, 'text' | 'loose' | 'telling' | 'tellingWords' | 'negated'> & {
    grams: Parts
    /** How much a character and a pair count beside each other. */
    gramShares: readonly number[]
    single: Parts
    said: Parts
    sound(): SoundOutline
  }
type SoundOutline = Sequence & { grams: Parts }
/** How parts get their numbers. */
export type Numbered = { word: (part: string) => number; sound: (part: string) => number }

const negation = /没|不|未|无|别/

/** What rarity is counted of. A word of two characters is a pair, so only longer ones are added. */
export function partsOf(normalised: string): string[] {
  const loose = loosened(normalised)
  return [...grams(loose), ...words(loose).filter((word) => word.length > 2)]
}

export function outline(normalised: string, numbered: Numbered): Outline {
  const loose = loosened(normalised)
  const order = units(loose)
  const all = partsIn(grams(loose), numbered.word)
  const single = partsIn(order, numbered.word)
  const said = partsIn([...new Set(words(loose))], numbered.word)
  let sound: SoundOutline | undefined
  return {
    text: normalised,
    loose,
    ...sequence(order),
    grams: all,
    gramShares: all.parts.map((gram) => (gram.length === 1 ? 0.5 + tellingness(gram) : 1)),
    single,
    said,
    telling: mass(single, single.parts.map(tellingness)),
    tellingWords: mass(said, said.parts.map(tellingness)),
    negated: negation.test(loose),
    sound() {
      sound ??= outlineOfSound(syllables(loose), numbered)
      return sound
    },
  }
}

function outlineOfSound(heard: string[], { sound }: Numbered): SoundOutline {
  return { ...sequence(heard), grams: partsIn(syllableGrams(heard), sound) }
}

/** @param rarities of the base in which it is compared. */
export function prepare(outlined: Outline, { written, heard }: Rarities): Prepared {
  const { text, loose, units, places, grams, gramShares, single, said, telling, tellingWords, negated } = outlined
  let sound: Sound | undefined
  return {
    ...{ text, loose, units, places, telling, tellingWords, negated },
    profile: profile(grams, rarityOf(grams, written, gramShares)),
    rare: mass(single, rarityOf(single, written)),
    rareWords: mass(said, rarityOf(said, written, tellingWords.values)),
    sound() {
      sound ??= preparedSound(outlined.sound(), heard)
      return sound
    },
  }
}

function preparedSound({ units, places, grams }: SoundOutline, heard: Rarity): Sound {
  const rarities = rarityOf(grams, heard)
  return { units, places, profile: profile(grams, rarities), rare: mass(grams, rarities) }
}

function partsIn(list: readonly string[], numberOf: (part: string) => number): Parts {
  const places = new Map<string, number>()
  const times: number[] = []
  for (const part of list) {
    const known = places.get(part)
    if (known === undefined) places.set(part, times.push(1) - 1)
    else times[known] = (times[known] ?? 0) + 1
  }
  const parts = [...places.keys()]
  return { parts, places, numbers: parts.map(numberOf), times }
}

function rarityOf({ numbers }: Parts, rarity: Rarity, shares?: readonly number[]): number[] {
  return numbers.map((number, at) => rarity(number) * (shares?.[at] ?? 1))
}

function profile({ parts, places, times }: Parts, rarities: readonly number[]): Profile {
  const values: number[] = []
  let squares = 0
  for (let at = 0; at < parts.length; at++) {
    const weight = (1 + Math.log(times[at] ?? 1)) * (rarities[at] ?? 0)
    values.push(weight)
    squares += weight * weight
  }
  return { parts, places, values, length: Math.sqrt(squares) }
}

function mass({ parts, places, times }: Parts, values: readonly number[]): Mass {
  let total = 0
  for (let at = 0; at < values.length; at++) total += (times[at] ?? 1) * (values[at] ?? 0)
  return { parts, places, values, total }
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
