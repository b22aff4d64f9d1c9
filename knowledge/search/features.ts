/**
 * In what two questions are alike: numbers in [0, 1], none of which grows with length. score.ts weighs them. Each pair
 * of a `said` and a `meant` is not the same the other way round: how much of what was asked the entry speaks of, and how
 * much of what the entry speaks of was asked. `negation` is 1 when only one of the two says no.
 */
import type { Mass, Prepared, Profile } from './prepared.ts'

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
  const hasUnit = (of: Prepared) => (unit: string) => of.rare.weights.has(unit)
  const hasWord = (of: Prepared) => (word: string) => of.tellingWords.weights.has(word) || of.loose.includes(word)
  const longer = Math.max(asked.units.length, surface.units.length)
  const shorter = Math.min(asked.units.length, surface.units.length)
  const order = commonSubsequence(asked.units, surface.units) / longer
  return {
    cosine: cosine(asked.profile, surface.profile),
    rareSaid: covered(asked.rare, hasUnit(surface)),
    tellingSaid: covered(asked.telling, hasUnit(surface)),
    tellingMeant: covered(surface.telling, hasUnit(asked)),
    rareWordsSaid: covered(asked.rareWords, hasWord(surface)),
    tellingWordsSaid: covered(asked.tellingWords, hasWord(surface)),
    tellingWordsMeant: covered(surface.tellingWords, hasWord(asked)),
    evenOrder: (order * shorter) / longer,
    negation: asked.negated === surface.negated ? 0 : 1,
  }
}

export function soundFeatures(asked: Prepared, surface: Prepared): Record<SoundFeature, number> {
  const [a, b] = [asked.sound(), surface.sound()]
  const longer = Math.max(a.syllables.length, b.syllables.length)
  return {
    soundCosine: cosine(a.profile, b.profile),
    soundSaid: covered(a.rare, (gram) => b.rare.weights.has(gram)),
    soundMeant: covered(b.rare, (gram) => a.rare.weights.has(gram)),
    soundOrder: longer === 0 ? 0 : commonSubsequence(a.syllables, b.syllables) / longer,
  }
}

function cosine(a: Profile, b: Profile): number {
  const [few, many] = a.weights.size < b.weights.size ? [a, b] : [b, a]
  let dot = 0
  for (const [part, weight] of few.weights) dot += weight * (many.weights.get(part) ?? 0)
  return dot === 0 ? 0 : dot / (a.length * b.length)
}

function covered(mass: Mass, has: (part: string) => boolean): number {
  let shared = 0
  for (const [part, weight] of mass.weights) if (has(part)) shared += weight
  return mass.total === 0 ? 0 : shared / mass.total
}

/** Length of the longest common subsequence. Time grows with the product of both lengths. */
function commonSubsequence(a: readonly string[], b: readonly string[]): number {
  let above = new Uint16Array(b.length + 1)
  let row = new Uint16Array(b.length + 1)
  for (const unit of a) {
    for (let j = 1; j <= b.length; j++)
      row[j] = unit === b[j - 1] ? (above[j - 1] ?? 0) + 1 : Math.max(above[j] ?? 0, row[j - 1] ?? 0)
    ;[above, row] = [row, above]
  }
  return above[b.length] ?? 0
}
