/**
 * The cheap first look: which surfaces (a question, or one of its similar questions) share anything with what was
 * asked. It ranks, but knows no score; search/score.ts decides. Kept behind a small type, so that a base too large for
 * FlexSearch (above 10,000 entries) may be given another index.
 */
import { Index } from 'flexsearch'
import { grams } from '../text/grams.ts'

export type CandidateIndex = {
  /** @param normalised as text/normalise.ts returns it. @returns positions of surfaces, best first. */
  near(normalised: string, limit: number): number[]
}

/** @param surfaces normalised texts; a surface's number is its place in this list. */
export function candidateIndex(surfaces: readonly string[]): CandidateIndex {
  // The default encoder takes a Chinese sentence for one word, and without `suggest` every gram would have to match.
  const index = new Index({ tokenize: 'strict', encode: grams })
  surfaces.forEach((surface, at) => index.add(at, surface))
  return {
    near: (normalised, limit) => index.search(normalised, { limit, suggest: true }).map(Number),
  }
}
