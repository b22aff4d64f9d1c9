/**
 * All that may be served, ready to be asked: a snapshot of the published revisions. Never changed after it was built; a new
 * publication makes a new one (live-index.ts).
 *
 * Invariant: of an entry, only the revision that holds on the day asked about is ever returned. A text that has run
 * out is not replaced by the one before it.
 */
import type { Cities } from '../cities.ts'
import type { PublishedRevision } from '../entries.store.ts'
import { loosened, normalise } from '../text/normalise.ts'
import { syllableGrams, syllables } from '../text/pinyin.ts'
import { placeSteps, type Place, type Surface } from './place.ts'
import { partsOf, prepare, raritySteps } from './prepared.ts'
import { similarity, spokenSimilarity } from './score.ts'
import { atOnce, type Steps } from './steps.ts'

/** `text` is the question or similar question that was hit, normalised. */
export type Hit = { revision: PublishedRevision; text: string; score: number }
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
}
type Options = { cities: Cities; holdExamples?: boolean }

const wholeCountry = ''
const normalisedAStep = 50

/** @param holdExamples leaves out shipped text that nobody of the bureau has approved (PACKS_UNREVIEWED=hold). */
export function entryIndex(published: readonly PublishedRevision[], options: Options) {
  return atOnce(entryIndexSteps(published, options))
}

export function* entryIndexSteps(
  published: readonly PublishedRevision[],
  { cities, holdExamples = false }: Options,
): Steps<ReturnType<typeof overPlaces>> {
  const revisions = holdExamples ? published.filter(({ example }) => !example) : published
  const byEntry = new Map<string, PublishedRevision[]>()
  for (const revision of revisions) listed(byEntry, revision.entryId).push(revision)
  for (const some of byEntry.values()) some.sort((a, b) => b.wording.validFrom.localeCompare(a.wording.validFrom))

  const texts = new Map<string, string[]>()
  for (const { id, wording } of revisions) {
    const written = [wording.question, ...wording.similar]
    texts.set(
      id,
      written.map((text) => cities.takenOut(normalise(text)).text),
    )
    if (texts.size % normalisedAStep === 0) yield
  }
  const textsByEntry = [...byEntry.values()].map((some) => some.flatMap(({ id }) => texts.get(id) ?? []))
  const rarity = yield* raritySteps(textsByEntry, partsOf)
  const soundRarity = yield* raritySteps(textsByEntry, (text) => syllableGrams(syllables(loosened(text))))

  const surfaces = new Map<string, Surface[]>()
  for (const revision of revisions) {
    const some = (texts.get(revision.id) ?? []).map((text) => ({ revision, text }))
    listed(surfaces, revision.wording.region ?? wholeCountry).push(...some)
  }
  const places = new Map<string, Place>()
  for (const [name, some] of surfaces) places.set(name, yield* placeSteps(some, rarity, soundRarity))
  return overPlaces(places, byEntry, (text) => prepare(text, rarity, soundRarity), cities)
}

function overPlaces(
  places: ReadonlyMap<string, Place>,
  byEntry: ReadonlyMap<string, readonly PublishedRevision[]>,
  prepared: (text: string) => ReturnType<typeof prepare>,
  cities: Cities,
) {
  /** The revision that holds on that day. */
  function holding(entryId: string, on: string): PublishedRevision | undefined {
    const latest = byEntry.get(entryId)?.find(({ wording }) => wording.validFrom <= on)
    const until = latest?.wording.validUntil
    return until !== undefined && until < on ? undefined : latest
  }

  return {
    cities,
    holding,

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
    hits(text: string, { on, regions, voice = false, without }: Look): Hit[] {
      const asked = prepared(text)
      const compare = voice ? spokenSimilarity : similarity
      const best = new Map<string, Hit>()
      for (const name of regions ? [wholeCountry, ...new Set(regions)] : places.keys()) {
        const place = places.get(name)
        if (!place) continue
        for (const at of place.near(asked, voice)) {
          const surface = place.surfaces[at]
          if (!surface || surface.text === without) continue
          const { revision } = surface
          if (holding(revision.entryId, on) !== revision) continue
          const score = compare(asked, place.prepared(at))
          const before = best.get(revision.entryId)
          if (!before || before.score < score) best.set(revision.entryId, { revision, text: surface.text, score })
        }
      }
      return [...best.values()].sort(
        (a, b) => b.score - a.score || a.revision.entryId.localeCompare(b.revision.entryId),
      )
    },
  }
}

/** The list under a key, put there empty at the first asking. */
function listed<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}
