/**
 * All that may be served, ready to be asked: a snapshot of the published revisions. Never changed after it was built; a new
 * publication makes a new one (live-index.ts).
 *
 * Invariant: of an entry, only the revision that holds on the day asked about is ever returned. A text that has run
 * out is not replaced by the one before it.
 */
import type { PublishedRevision } from '../entries.store.ts'
import type { Evidence } from './evidence.ts'
import { basePartsSteps, wholeCountry, type BaseOptions, type BaseParts } from './base-parts.ts'
import type { Surface } from './place.ts'
import { partsOf, prepare } from './prepared.ts'
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
/** Of an entry's questions the most alike, and how alike the next one is. */
type Best = { text: string; alike: number; second: number }
/** Entries that are looked for among the first so many; `added`: to a revision's score. */
export type Wanted = {
  entries: ReadonlySet<string>
  limit: number
  added: (revision: PublishedRevision) => number
}
/** Some kilobyte each. */
const mostPrepared = 20_000
/** So many entries are looked at for what they say as a whole, whatever their single questions. */
const wholesCompared = 6
const surfacesOfWhole = 30
/** How steeply the score falls with the likelihood by which another entry, as a whole, is likelier. */
const likelihoodShare = 0.6
/** How much the second of an entry's questions counts beside the first, where it has many. */
const secondShare = 0.5
/** How alike the second is, compared with the first, where both speak of what is asked. */
const usualSecond = 0.7
/** Scores this near to each other may stand in either order. */
const sameScore = 1e-9

/** @param holdExamples leaves out shipped text that nobody of the bureau has approved (PACKS_UNREVIEWED=hold). */
export function entryIndex(published: readonly PublishedRevision[], options: BaseOptions) {
  return atOnce(entryIndexSteps(published, options))
}

export function* entryIndexSteps(published: readonly PublishedRevision[], options: BaseOptions) {
  return overPlaces(yield* basePartsSteps(published, options))
}

function overPlaces({ places, byEntry, revisions, numberOf, surfacesOf, wholes, rarities, book, cities }: BaseParts) {
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
      const asked: Surface[] = []
      for (const { surfaces } of places.values()) {
        let [last, isHeld]: [PublishedRevision | undefined, boolean] = [undefined, false]
        for (const surface of surfaces) {
          const { revision } = surface
          if (revision !== last) isHeld = holding(revision.entryId, on) === revision
          last = revision
          if (isHeld) asked.push(surface)
        }
      }
      return asked
    },

    /**
     * @param text normalised, without city names.
     * @returns one hit an entry, by its best surface, highest score first.
     */
    hits(text: string, look: Look): Hit[] {
      const { names, foundIn, bestOf, likelihood, score, evidence } = compared(text, look)
      const found = names.flatMap((name) => [...foundIn(name)])
      const likeliest = Math.max(...found.map(([revision]) => likelihood(revision)))
      const hits = found.map(([revision, texts]): Hit => {
        const best = bestOf(texts)
        const given = score(revision, best, likeliest)
        return { revision, text: best.text, score: given, evidence: evidence(revision, best) }
      })
      return hits.sort((a, b) => b.score - a.score || a.revision.entryId.localeCompare(b.revision.entryId))
    },

    /**
     * What would come of `hits`, where only one thing is asked: whether some entry is among the first so many of them, by
     * the score and what is added to it. Looks and compares no further than it takes to know.
     *
     * @returns false only where it is not.
     */
    mayComeFirst(text: string, look: Omit<Look, 'without'>, { entries, limit, added }: Wanted): boolean {
      const { names, foundIn, bestOf, likeliest, score } = compared(text, look)
      const heightOf = (revision: PublishedRevision, texts: Iterable<string>) =>
        score(revision, bestOf(texts), likeliest) + added(revision)
      const placeOf = (entryId: string) => holding(entryId, look.on)?.wording.region ?? wholeCountry
      const own = new Set([...entries].map(placeOf))
      const ours = names.filter((name) => own.has(name)).flatMap((name) => [...foundIn(name)])
      const wanted = ours.filter(([{ entryId }]) => entries.has(entryId))
      if (wanted.length === 0) return false
      const height = Math.max(...wanted.map(([revision, texts]) => heightOf(revision, texts))) + sameScore
      let ahead = 0
      const isFull = (found: Iterable<[PublishedRevision, Set<string>]>) => {
        for (const [revision, texts] of found)
          if (!entries.has(revision.entryId) && heightOf(revision, texts) > height) if (++ahead === limit) return true
        return false
      }
      return !isFull(ours) && !names.some((name) => !own.has(name) && isFull(foundIn(name)))
    },
  }

  /** What is worth comparing with a text, and how that is done. */
  function compared(text: string, { on, regions, voice = false, without, missing }: Look) {
    const outlined = book.asked(text)
    const asked = prepare(outlined, rarities)
    const compare = voice ? spokenSimilarity : similarity
    const names = regions ? [wholeCountry, ...new Set(regions)] : [...places.keys()]
    const counts = (revision: PublishedRevision) =>
      revision.entryId !== missing &&
      names.includes(revision.wording.region ?? wholeCountry) &&
      holding(revision.entryId, on) === revision
    const { places: words, values } = asked.tellingWords
    const tells = (part: string): [string, number] => {
      const at = words.get(part)
      return [part, at === undefined ? 0 : (values[at] ?? 0)]
    }
    const longer = outlined.said.parts.filter((word) => word.length > 2)
    const parts = new Map([...outlined.grams.parts, ...longer].map(tells))
    const whole = wholes.compare(parts, without === undefined ? undefined : unwritten(without))
    const likelihood = (revision: PublishedRevision) => whole.likelihood(numberOf.get(revision) ?? 0)
    const among = whole
      .best(wholesCompared, (at) => {
        const revision = revisions[at]
        return revision !== undefined && counts(revision)
      })
      .flatMap((at) => revisions[at] ?? [])
    const length = Math.sqrt(parts.size)
    const alike = (question: string) => compare(asked, prepared(question))

    return {
      names,
      likelihood,

      /** Of the questions that were found of an entry the most alike, and how alike the next one is. */
      bestOf: (texts: Iterable<string>): Best => {
        let best = { text: '', alike: -1, second: 0 }
        for (const text of texts) {
          const likeness = alike(text)
          if (best.alike < likeness) best = { text, alike: likeness, second: Math.max(best.alike, 0) }
          else if (best.second < likeness) best.second = likeness
        }
        return best
      },

      /** Of all that count; without wholes there is none. */
      likeliest: among[0] ? likelihood(among[0]) : 0,

      /** Of each entry of a place the questions that are worth it, best first. */
      foundIn: (name: string): Map<PublishedRevision, Set<string>> => {
        const found = new Map<PublishedRevision, Set<string>>()
        const place = places.get(name)
        if (!place) return found
        const look = (at: number) => {
          const surface = place.surfaces[at]
          if (!surface || surface.text === without || !counts(surface.revision)) return
          const texts = found.get(surface.revision)
          if (texts) texts.add(surface.text)
          else found.set(surface.revision, new Set([surface.text]))
        }
        for (const at of place.near(asked, voice)) look(at)
        for (const revision of among) {
          const own = surfacesOf.get(revision)
          if (own?.place !== place) continue
          for (let i = 0; i < Math.min(own.count, surfacesOfWhole); i++) look(own.begin + i)
        }
        return found
      },

      /** What one question says alone, an accident of words may say; what two of an entry's say is none. */
      score: (revision: PublishedRevision, { alike, second }: Best, likeliest: number): number => {
        if (alike === 1) return 1
        // An entry of one question has no second, and must not be the better for it.
        const usual = (usualSecond * alike) / (surfacesOf.get(revision)?.count ?? 1)
        const told = alike - secondShare * wholes.weight * (alike - Math.max(second, usual))
        return told * Math.exp(wholes.weight * likelihoodShare * (likelihood(revision) - likeliest))
      },

      evidence: (revision: PublishedRevision, best: Best): Evidence => {
        const ownQuestion = () => {
          const own = surfacesOf.get(revision)
          const question = own?.place.surfaces[own.begin]?.text
          return question !== undefined && question !== without ? alike(question) : best.alike
        }
        const { second } = best
        const covered = whole.covered(numberOf.get(revision) ?? 0)
        return { weight: wholes.weight, length, covered, second, likelihood: likelihood(revision), ownQuestion }
      },
    }
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
