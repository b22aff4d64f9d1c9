/**
 * The cheap first look: which surfaces (a question, or one of its similar questions) share anything with what was
 * asked. It ranks, but knows no score that could be compared; search/score.ts decides. FlexSearch up to where it holds,
 * then an index of our own (bm25.ts) behind the same small type.
 */
import { Index } from 'flexsearch'
import { bm25Steps } from './bm25.ts'
import type { CandidateIndex, Surfaces } from './candidate-index.ts'
import type { Steps } from './steps.ts'

/** Above this many surfaces FlexSearch takes longer for one look than the whole decision may. */
export const flexsearchSurfaces = 5_000
const addedAStep = 20

export function* candidateSteps(surfaces: Surfaces): Steps<CandidateIndex> {
  const { count, partsOf, vocabulary } = surfaces
  if (count > flexsearchSurfaces) return yield* bm25Steps(surfaces)
  // The default encoder takes a Chinese sentence for one word, and without `suggest` every part would have to match.
  const index = new Index({ tokenize: 'strict', encode: (joined: string) => joined.split(' ') })
  for (let at = 0; at < count; at++) {
    index.add(at, Array.from(partsOf(at), vocabulary.part).join(' '))
    if (at % addedAStep === 0) yield
  }
  return { near: (parts, limit) => index.search(parts.join(' '), { limit, suggest: true }).map(Number) }
}
