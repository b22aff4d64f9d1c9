/**
 * The questions of one place, the whole country or a city, ready to be looked through: by what is written and by what
 * is heard. Candidates are looked for in each place apart, so that one city's entries never crowd out another's.
 */
import type { Wording } from '../../contract/entry.ts'
import type { PublishedRevision } from '../entries.store.ts'
import { candidateSteps } from './candidates.ts'
import { gramsAt, soundsAt, type Concordance, type LookedThrough } from './concordance.ts'
import type { Prepared } from './prepared.ts'
import type { Steps } from './steps.ts'

/** `nth`: of its wording, the question itself being 0. */
export type Surface = { revision: PublishedRevision; text: string; nth: number }
export type Place = {
  surfaces: readonly Surface[]
  /** Positions of surfaces worth comparing with what was asked; those that are the very same come first. */
  near(asked: Prepared, voice: boolean): Iterable<number>
}
const candidates = 60
const surfacesAStep = 1_000

/** @param surfaces of each revision one after the other. */
export function* placeSteps(name: string, surfaces: readonly Surface[], book: Concordance): Steps<Place> {
  const wordings = surfaces.filter(({ nth }) => nth === 0).map(({ revision }) => revision.wording)
  const last = book.places.get(name)
  const through = last && isSame(last.wordings, wordings) ? last : yield* lookedThroughSteps(wordings, surfaces, book)
  book.places.set(name, through)
  const { written, heard, exact } = through

  return {
    surfaces,
    near(asked, voice) {
      const found = new Set(exact(asked.text))
      for (const at of written.near(asked.profile.parts, candidates)) found.add(at)
      if (voice) for (const at of heard.near(asked.sound().profile.parts, candidates)) found.add(at)
      return found
    },
  }
}

function* lookedThroughSteps(
  wordings: readonly Wording[],
  surfaces: readonly Surface[],
  book: Concordance,
): Steps<LookedThrough> {
  const count = surfaces.length
  const partsBy = (partsAt: typeof gramsAt) => (at: number) => {
    const surface = surfaces[at]
    return surface ? partsAt(book.of(surface.revision.wording), surface.nth) : none
  }
  const written = yield* candidateSteps({ count, partsOf: partsBy(gramsAt), vocabulary: book.words })
  const heard = yield* candidateSteps({ count, partsOf: partsBy(soundsAt), vocabulary: book.sounds })
  return { wordings, written, heard, exact: yield* sameTextSteps(surfaces) }
}

/** @returns of a text the positions of those surfaces that are the very same. */
function* sameTextSteps(surfaces: readonly Surface[]): Steps<(text: string) => number[]> {
  const first = new Map<string, number>()
  const next = new Int32Array(surfaces.length)
  for (let at = surfaces.length - 1; at >= 0; at--) {
    const { text } = surfaces[at] ?? { text: '' }
    next[at] = first.get(text) ?? noMore
    first.set(text, at)
    if (at % surfacesAStep === 0) yield
  }
  return (text) => {
    const same: number[] = []
    for (let at = first.get(text) ?? noMore; at !== noMore; at = next[at] ?? noMore) same.push(at)
    return same
  }
}

const noMore = -1
const none = new Uint32Array()

function isSame(one: readonly Wording[], other: readonly Wording[]): boolean {
  return one.length === other.length && one.every((wording, at) => wording === other[at])
}
