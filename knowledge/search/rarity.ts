/** How rare parts are in a base. Counted by entry, so that one with many similar questions does not make its own words common. */
import type { Steps } from './steps.ts'
import type { Vocabulary } from './vocabulary.ts'

/** By a part's number: high when few entries have it, highest when none has, or it is unknown. */
export type Rarity = (number: number) => number
export type Rarities = { written: Rarity; heard: Rarity }

const entriesAStep = 50
const weighedAStep = 20_000

/** @param partsOf the parts of all texts of one entry, text by text; repeats allowed. */
export function* raritySteps(
  entries: number,
  partsOf: (entry: number) => Iterable<Uint32Array>,
  vocabulary: Vocabulary,
): Steps<Rarity> {
  const having = new Uint32Array(vocabulary.size())
  // The entry in which a part was last met, counted from 1.
  const met = new Uint32Array(having.length)
  for (let entry = 0; entry < entries; entry++) {
    for (const parts of partsOf(entry))
      for (const number of parts) {
        if (met[number] === entry + 1) continue
        met[number] = entry + 1
        having[number] = (having[number] ?? 0) + 1
      }
    if (entry % entriesAStep === 0) yield
  }
  const rarityWhere = (times: number) => Math.log(1 + Math.max(entries, 1) / (times + 0.5))
  const rarities = new Float64Array(having.length)
  for (let number = 0; number < having.length; number++) {
    rarities[number] = rarityWhere(having[number] ?? 0)
    if (number % weighedAStep === 0) yield
  }
  const rarest = rarityWhere(0)
  return (number) => (number < 0 ? rarest : (rarities[number] ?? rarest))
}
