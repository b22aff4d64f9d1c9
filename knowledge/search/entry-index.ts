/**
 * All that may be served, ready to be asked: a snapshot of the published revisions. Never changed after it was built; a new
 * publication makes a new one (live-index.ts).
 *
 * Invariant: of an entry, only the revision that holds on the day asked about is ever returned. A text that has run
 * out is not replaced by the one before it.
 */
import type { Cities } from '../cities.ts'
import type { PublishedRevision } from '../entries.store.ts'
import { grams } from '../text/grams.ts'
import { normalise } from '../text/normalise.ts'
import { candidateIndex, type CandidateIndex } from './candidates.ts'
import { prepare, rarityOf, similarity, type Prepared } from './score.ts'

export type Hit = { revision: PublishedRevision; score: number }
export type EntryIndex = ReturnType<typeof entryIndex>

type Surface = { revision: PublishedRevision; prepared: Prepared }
/** Candidates are looked for in each place apart, so that one city's entries never crowd out another's. */
type Place = { surfaces: Surface[]; candidates: CandidateIndex; exact: Map<string, number[]> }

const candidatesPerPlace = 60
const wholeCountry = ''

/** @param holdExamples leaves out shipped text that nobody of the bureau has approved (PACKS_UNREVIEWED=hold). */
export function entryIndex(
  published: readonly PublishedRevision[],
  { cities, holdExamples = false }: { cities: Cities; holdExamples?: boolean },
) {
  const revisions = holdExamples ? published.filter(({ example }) => !example) : published
  const bare = (text: string) => cities.takenOut(normalise(text)).text
  const texts = new Map(revisions.map((revision) => [revision.id, surfacesOf(revision).map(bare)]))

  const byEntry = new Map<string, PublishedRevision[]>()
  for (const revision of revisions) listed(byEntry, revision.entryId).push(revision)
  for (const some of byEntry.values()) some.sort((a, b) => b.wording.validFrom.localeCompare(a.wording.validFrom))
  const rarity = rarityOf(
    [...byEntry.values()].map((some) => some.flatMap(({ id }) => (texts.get(id) ?? []).flatMap(grams))),
  )

  const surfacesByPlace = new Map<string, Surface[]>()
  for (const revision of revisions) {
    const place = revision.wording.region ?? wholeCountry
    const surfaces = (texts.get(revision.id) ?? []).map((text) => ({ revision, prepared: prepare(text, rarity) }))
    listed(surfacesByPlace, place).push(...surfaces)
  }
  const places = new Map([...surfacesByPlace].map(([place, surfaces]) => [place, placeOf(surfaces)]))

  /** The revision that holds on that day. */
  function holding(entryId: string, on: string): PublishedRevision | undefined {
    const latest = byEntry.get(entryId)?.find(({ wording }) => wording.validFrom <= on)
    const until = latest?.wording.validUntil
    return until !== undefined && until < on ? undefined : latest
  }

  return {
    cities,
    holding,

    /** Every text that holds on that day, in the order of ids. */
    all(on: string): PublishedRevision[] {
      return [...byEntry.keys()].sort().flatMap((entryId) => holding(entryId, on) ?? [])
    },

    /**
     * @param text normalised, without city names.
     * @param regions whose entries are looked at beside the national ones; every city's when absent.
     * @returns one hit an entry, by its best surface, highest score first.
     */
    hits(text: string, on: string, regions?: readonly string[]): Hit[] {
      const asked = prepare(text, rarity)
      const best = new Map<string, Hit>()
      for (const name of regions ? [wholeCountry, ...new Set(regions)] : places.keys()) {
        const place = places.get(name)
        if (!place) continue
        const near = place.candidates.near(text, candidatesPerPlace)
        for (const at of new Set([...(place.exact.get(text) ?? []), ...near])) {
          const surface = place.surfaces[at]
          if (!surface || holding(surface.revision.entryId, on) !== surface.revision) continue
          const score = similarity(asked, surface.prepared)
          const before = best.get(surface.revision.entryId)
          if (!before || before.score < score) best.set(surface.revision.entryId, { revision: surface.revision, score })
        }
      }
      return [...best.values()].sort(
        (a, b) => b.score - a.score || a.revision.entryId.localeCompare(b.revision.entryId),
      )
    },
  }
}

function surfacesOf({ wording }: PublishedRevision): string[] {
  return [wording.question, ...wording.similar]
}

function placeOf(surfaces: Surface[]): Place {
  const exact = new Map<string, number[]>()
  surfaces.forEach(({ prepared }, at) => listed(exact, prepared.text).push(at))
  return { surfaces, exact, candidates: candidateIndex(surfaces.map(({ prepared }) => prepared.text)) }
}

/** The list under a key, put there empty at the first asking. */
function listed<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}
