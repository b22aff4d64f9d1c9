/**
 * What an index of published revisions is made of, put together in small steps. Of a base of which a few texts are new,
 * only those are read; what is counted over all of them is counted again, which is quick.
 */
import type { Cities } from '../cities.ts'
import type { PublishedRevision } from '../entries.store.ts'
import { languageSteps } from '../text/general-language.ts'
import { concordance, partsAt, soundsAt, type Concordance } from './concordance.ts'
import { placeSteps, type Place, type Surface } from './place.ts'
import { raritySteps, type Rarities } from './rarity.ts'
import type { Steps } from './steps.ts'
import { wholeEntrySteps, type Whole, type WholeEntries } from './whole-entry.ts'

/** `book`: what was read before of texts that stay, where there is such a thing. */
export type BaseOptions = { cities: Cities; holdExamples?: boolean; book?: Concordance }
/** The questions of one revision. */
type Own = { place: Place; begin: number; count: number }
export type BaseParts = {
  places: ReadonlyMap<string, Place>
  byEntry: ReadonlyMap<string, readonly PublishedRevision[]>
  /** In the order in which `wholes` has them. */
  revisions: readonly PublishedRevision[]
  numberOf: ReadonlyMap<PublishedRevision, number>
  surfacesOf: ReadonlyMap<PublishedRevision, Own>
  wholes: WholeEntries
  rarities: Rarities
  book: Concordance
  cities: Cities
}

/** The name of the place that is no city. */
export const wholeCountry = ''
const revisionsAStep = 200

/** @param holdExamples leaves out shipped text that nobody of the bureau has approved (PACKS_UNREVIEWED=hold). */
export function* basePartsSteps(
  published: readonly PublishedRevision[],
  { cities, holdExamples = false, book = concordance(cities) }: BaseOptions,
): Steps<BaseParts> {
  const revisions = holdExamples ? published.filter(({ example }) => !example) : published
  yield* languageSteps()
  for (const { wording } of revisions) {
    book.of(wording)
    yield
  }
  const byEntry = new Map<string, PublishedRevision[]>()
  for (const [at, revision] of revisions.entries()) {
    listed(byEntry, revision.entryId).push(revision)
    if (at % revisionsAStep === 0) yield
  }
  yield
  for (const some of byEntry.values())
    if (some.length > 1) some.sort((a, b) => b.wording.validFrom.localeCompare(a.wording.validFrom))
  yield

  const wholes = yield* wholeEntrySteps(
    revisions.length,
    (at): Whole => {
      const wording = revisions[at]?.wording
      if (!wording) return noWhole
      const spelled = book.of(wording)
      const partsOf = (nth: number) => partsAt(spelled, nth)
      return { questions: spelled.texts.length, partsOf, answer: () => book.answer(wording) }
    },
    book.words,
  )
  const entries = [...byEntry.values()]
  const ofEntry = (partsOf: typeof partsAt) => (entry: number) =>
    (entries[entry] ?? []).flatMap(({ wording }) => {
      const spelled = book.of(wording)
      return spelled.texts.map((_, nth) => partsOf(spelled, nth))
    })
  const rarities = {
    written: yield* raritySteps(entries.length, ofEntry(partsAt), book.words),
    heard: yield* raritySteps(entries.length, ofEntry(soundsAt), book.sounds),
  }

  const surfaces = new Map<string, Surface[]>()
  const numberOf = new Map<PublishedRevision, number>()
  for (const [at, revision] of revisions.entries()) {
    const { texts } = book.of(revision.wording)
    const some = texts.map((text, nth) => ({ revision, text, nth }))
    listed(surfaces, revision.wording.region ?? wholeCountry).push(...some)
    numberOf.set(revision, at)
    if (at % revisionsAStep === 0) yield
  }
  const places = new Map<string, Place>()
  const surfacesOf = new Map<PublishedRevision, Own>()
  for (const [name, some] of surfaces) {
    const place = yield* placeSteps(name, some, book)
    places.set(name, place)
    for (const [at, { revision, nth }] of some.entries()) {
      if (nth === 0) surfacesOf.set(revision, { place, begin: at, count: book.of(revision.wording).texts.length })
      if (at % (10 * revisionsAStep) === 0) yield
    }
  }
  return { places, byEntry, revisions, numberOf, surfacesOf, wholes, rarities, book, cities }
}

const none = new Uint32Array()
const noWhole: Whole = { questions: 0, partsOf: () => none, answer: () => none }

/** The list under a key, put there empty at the first asking. */
function listed<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}
