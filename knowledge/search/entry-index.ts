/**
 * All that may be served, ready to be asked: a snapshot of the published revisions. Never changed after it was built; a new
 * publication makes a new one (live-index.ts).
 *
 * Invariant: of an entry, only the revision that holds on the day asked about is ever returned. A text that has run
 * out is not replaced by the one before it.
 */
import type { PublishedRevision } from '../entries.store.ts'
import { basePartsSteps, wholeCountry, type BaseOptions, type BaseParts } from './base-parts.ts'
import type { Place, Surface } from './place.ts'
import { outline, partsOf, prepare } from './prepared.ts'
import { recent } from './recent.ts'
import { similarity, spokenSimilarity } from './score.ts'
import { atOnce } from './steps.ts'
import type { Without } from './whole-entry.ts'

/** `text` is the question or similar question that was hit, normalised. */
export type Hit = {
  revision: PublishedRevision
  text: string
  score: number
  evidence: Evidence
}
/** What else speaks for a hit or against it: for deciding, not for ranking. */
export type Evidence = {
  /** How far the rest is to be believed: 0 with one question an entry, near 1 with many. */
  weight: number
  /** Root of the number of parts asked for: what a long question tells, tells more. */
  length: number
  /** Share of what the words asked tell that the entry says anywhere, in [0, 1]. */
  covered: number
  /** How alike the entry's own question is, in [0, 1]. */
  ownQuestion: () => number
}
export type EntryIndex = ReturnType<typeof entryIndex>
/** What is looked through, and how. */
export type Look = {
  on: string
  /** Whose entries are looked at beside the national ones; every city's when absent. */
  regions?: readonly string[]
  /** Compares what was heard too. */
  voice?: boolean
  /** As if nobody had ever written this text: for trying the base on its own questions. */
  without?: string
  /** As if this entry did not exist. */
  missing?: string
}
/** Some kilobyte each. */
const mostPrepared = 20_000
/** So many entries are looked at for what they say as a whole, whatever their single questions. */
const wholesCompared = 6
const surfacesOfWhole = 30
/** How much the score falls for each unit of likelihood by which another entry, as a whole, is likelier. */
const likelihoodShare = 0.5

/** @param holdExamples leaves out shipped text that nobody of the bureau has approved (PACKS_UNREVIEWED=hold). */
export function entryIndex(published: readonly PublishedRevision[], options: BaseOptions) {
  return atOnce(entryIndexSteps(published, options))
}

export function* entryIndexSteps(published: readonly PublishedRevision[], options: BaseOptions) {
  return overPlaces(yield* basePartsSteps(published, options))
}

function overPlaces({ places, byEntry, revisions, numberOf, surfacesOf, wholes, rarities, book, cities }: BaseParts) {
  const known = { word: book.words.known, sound: book.sounds.known }
  const prepared = recent(mostPrepared, (text: string) => prepare(book.outline(text), rarities))

  /** The revision that holds on that day. */
  function holding(entryId: string, on: string): PublishedRevision | undefined {
    const latest = byEntry.get(entryId)?.find(({ wording }) => wording.validFrom <= on)
    const until = latest?.wording.validUntil
    return until !== undefined && until < on ? undefined : latest
  }

  return {
    cities,
    holding,
    /** How far an entry's questions are to be believed together: 0 with one question an entry, near 1 with many. */
    density: wholes.weight,

    /** The first of its revisions that comes into force after that day. */
    next(entryId: string, on: string): PublishedRevision | undefined {
      return byEntry.get(entryId)?.findLast(({ wording }) => wording.validFrom > on)
    },

    /** Every text that holds on that day, in the order of ids. */
    all(on: string): PublishedRevision[] {
      return [...byEntry.keys()].sort().flatMap((entryId) => holding(entryId, on) ?? [])
    },

    /** Every question of every revision, as it is compared. */
    texts(): string[] {
      return [...places.values()].flatMap(({ surfaces }) => surfaces.map(({ text }) => text))
    },

    /** Every question that editors wrote for texts that hold on that day, normalised, without city names. */
    questions(on: string): Surface[] {
      const all = [...places.values()].flatMap(({ surfaces }) => surfaces)
      return all.filter(({ revision }) => holding(revision.entryId, on) === revision)
    },

    /**
     * @param text normalised, without city names.
     * @returns one hit an entry, by its best surface, highest score first.
     */
    hits(text: string, { on, regions, voice = false, without, missing }: Look): Hit[] {
      const asked = prepare(outline(text, known), rarities)
      const compare = voice ? spokenSimilarity : similarity
      const names = regions ? [wholeCountry, ...new Set(regions)] : [...places.keys()]
      const counts = (revision: PublishedRevision) =>
        revision.entryId !== missing &&
        names.includes(revision.wording.region ?? wholeCountry) &&
        holding(revision.entryId, on) === revision
      const best = new Map<PublishedRevision, { text: string; alike: number }>()
      const look = (place: Place, at: number) => {
        const surface = place.surfaces[at]
        if (!surface || surface.text === without || !counts(surface.revision)) return
        const alike = compare(asked, prepared(surface.text))
        const before = best.get(surface.revision)
        if (!before || before.alike < alike) best.set(surface.revision, { text: surface.text, alike })
      }
      for (const name of names) {
        const place = places.get(name)
        if (place) for (const at of place.near(asked, voice)) look(place, at)
      }
      const { places: words, values } = asked.tellingWords
      const tells = (at: number | undefined) => (at === undefined ? 0 : (values[at] ?? 0))
      const parts = new Map(partsOf(text).map((part) => [part, tells(words.get(part))]))
      const whole = wholes.compare(parts, without === undefined ? undefined : unwritten(without))
      const among = whole.best(wholesCompared, (at) => {
        const revision = revisions[at]
        return revision !== undefined && counts(revision)
      })
      for (const at of among) {
        const revision = revisions[at]
        const own = revision && surfacesOf.get(revision)
        if (!own || best.has(revision)) continue
        for (let i = 0; i < Math.min(own.count, surfacesOfWhole); i++) look(own.place, own.begin + i)
      }
      const likelihood = (revision: PublishedRevision) => whole.likelihood(numberOf.get(revision) ?? 0)
      const likeliest = Math.max(...[...best.keys()].map(likelihood))
      const length = Math.sqrt(parts.size)
      const hits = [...best].map(([revision, { text, alike }]): Hit => {
        const less = wholes.weight * likelihoodShare * (likeliest - likelihood(revision))
        const covered = whole.covered(numberOf.get(revision) ?? 0)
        const ownQuestion = () => {
          const own = surfacesOf.get(revision)
          const question = own?.place.surfaces[own.begin]?.text
          return question !== undefined && question !== without ? compare(asked, prepared(question)) : alike
        }
        return {
          revision,
          text,
          score: alike === 1 ? 1 : Math.max(alike - less, 0),
          evidence: { weight: wholes.weight, length, covered, ownQuestion },
        }
      })
      return hits.sort((a, b) => b.score - a.score || a.revision.entryId.localeCompare(b.revision.entryId))
    },
  }

  /** A question that some entry has, as nobody had written it. */
  function unwritten(text: string): Without | undefined {
    for (const place of places.values()) {
      const surface = place.surfaces.find((one) => one.text === text)
      if (!surface) continue
      const isOwn = place.surfaces[surfacesOf.get(surface.revision)?.begin ?? 0]?.text === text
      return {
        at: numberOf.get(surface.revision) ?? 0,
        parts: new Set(partsOf(text)),
        isOwn,
      }
    }
    return undefined
  }
}
