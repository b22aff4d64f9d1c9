/** The cheap first look, as it is asked, and what it is built of. */
import type { Vocabulary } from './vocabulary.ts'

export type CandidateIndex = {
  /** @param parts as the surfaces were given. @returns positions of surfaces, best first. */
  near(parts: readonly string[], limit: number): number[]
}
/** `partsOf`: the parts of each surface (characters and pairs, or syllables), in order, none with a blank in it. */
export type Surfaces = { count: number; partsOf: (at: number) => Uint32Array; vocabulary: Vocabulary }
