/**
 * In what two questions are alike: numbers in [0, 1], none of which grows with length. score.ts weighs them. Each pair
 * of a `said` and a `meant` is not the same the other way round: how much of what was asked the entry speaks of, and how
 * much of what the entry speaks of was asked. `negation` is 1 when only one of the two says no.
 */
import type { Mass, Prepared, Profile, Sequence } from './prepared.ts'

export const featureNames = [
  'cosine',
  'rareSaid',
  'tellingSaid',
  'tellingMeant',
  'rareWordsSaid',
  'tellingWordsSaid',
  'tellingWordsMeant',
  'evenOrder',
  'negation',
] as const
export const soundNames = ['soundCosine', 'soundSaid', 'soundMeant', 'soundOrder'] as const
export type Feature = (typeof featureNames)[number]
export type SoundFeature = (typeof soundNames)[number]

export function features(asked: Prepared, surface: Prepared): Record<Feature, number> {
  const longer = Math.max(asked.units.length, surface.units.length)
  const shorter = Math.min(asked.units.length, surface.units.length)
  const order = commonSubsequence(asked, surface) / longer
  const [rareSaid, tellingSaid] = coveredBoth(asked.rare, asked.telling, surface.rare)
  const [rareWordsSaid, tellingWordsSaid] = coveredBoth(
    asked.rareWords,
    asked.tellingWords,
    surface.tellingWords,
    surface,
  )
  return {
    cosine: cosine(asked.profile, surface.profile),
    rareSaid,
    tellingSaid,
    tellingMeant: covered(surface.telling, asked.rare),
    rareWordsSaid,
    tellingWordsSaid,
    tellingWordsMeant: covered(surface.tellingWords, asked.tellingWords, asked),
    evenOrder: (order * shorter) / longer,
    negation: asked.negated === surface.negated ? 0 : 1,
  }
}

export function soundFeatures(asked: Prepared, surface: Prepared): Record<SoundFeature, number> {
  const [a, b] = [asked.sound(), surface.sound()]
  const longer = Math.max(a.units.length, b.units.length)
  return {
    soundCosine: cosine(a.profile, b.profile),
    soundSaid: covered(a.rare, b.rare),
    soundMeant: covered(b.rare, a.rare),
    soundOrder: longer === 0 ? 0 : commonSubsequence(a, b) / longer,
  }
}

function cosine(a: Profile, b: Profile): number {
  const [few, many] = a.parts.length < b.parts.length ? [a, b] : [b, a]
  let dot = 0
  for (let i = 0; i < few.parts.length; i++) {
    const at = many.places.get(few.parts[i] ?? '')
    if (at !== undefined) dot += (few.values[i] ?? 0) * (many.values[at] ?? 0)
  }
  return dot === 0 ? 0 : dot / (a.length * b.length)
}

/** @param within counts a word that stands in its text too. */
function covered(mass: Mass, by: Mass, within?: Prepared): number {
  return coveredBoth(mass, mass, by, within)[0]
}

/** Two masses of the very same parts. */
function coveredBoth(one: Mass, other: Mass, by: Mass, within?: Prepared): [number, number] {
  let [shared, sharedOther] = [0, 0]
  for (let i = 0; i < one.parts.length; i++) {
    const part = one.parts[i] ?? ''
    if (!by.places.has(part) && !within?.loose.includes(part)) continue
    shared += one.values[i] ?? 0
    sharedOther += other.values[i] ?? 0
  }
  return [one.total === 0 ? 0 : shared / one.total, other.total === 0 ? 0 : sharedOther / other.total]
}

/**
 * Length of the longest common subsequence. Bits of a word stand for the units of the shorter text, so that each unit of the
 * other costs one step: Hyyrö, "Bit-Parallel LCS-length Computation Revisited" (2004).
 */
function commonSubsequence(a: Sequence, b: Sequence): number {
  const inSurface = b.places()
  const places = inSurface ?? a.places()
  if (!places) return commonSubsequenceOfLong(a.units, b.units)
  let left = -1
  for (const unit of inSurface ? a.units : b.units) {
    const here = left & (places.get(unit) ?? 0)
    left = (left + here) | (left - here)
  }
  return ones(~left)
}

function commonSubsequenceOfLong(a: readonly string[], b: readonly string[]): number {
  let above = new Uint16Array(b.length + 1)
  let row = new Uint16Array(b.length + 1)
  for (const unit of a) {
    for (let j = 1; j <= b.length; j++)
      row[j] = unit === b[j - 1] ? (above[j - 1] ?? 0) + 1 : Math.max(above[j] ?? 0, row[j - 1] ?? 0)
    ;[above, row] = [row, above]
  }
  return above[b.length] ?? 0
}

function ones(bits: number): number {
  let count = 0
  for (let left = bits; left !== 0; left &= left - 1) count++
  return count
}
