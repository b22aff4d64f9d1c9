/**
 * Pairs of entries that get into each other's way: asked in words too alike, or answering one question with different
 * numbers. Pure. The console shows them for somebody to settle; `npm run packs:lint` tells them of the packs.
 *
 * Only entries that could be served to the same person are paired: one place (or one of them the whole country's), one
 * insurance (or one of them either's).
 */
import type { Wording } from '../contract/entry.ts'
import { likenessOf, weighed, type Weighed } from './gap-clusters.ts'
import type { Steps } from './search/steps.ts'
import { grams } from './text/grams.ts'
import { loosened, normalise } from './text/normalise.ts'

export type PairedEntry = { entryId: string; wording: Wording }
export type EntryPair = {
  kind: 'alike' | 'contradiction'
  a: { entryId: string; text: string }
  b: { entryId: string; text: string }
  likeness: number
  /** Of a contradiction: what each says, by unit ("60%" and "70%"). */
  numbers?: { a: string[]; b: string[] }
}

/** Nearly the same words: whoever asks one may be answered by the other. */
const alikeFrom = 0.86
/** Standard questions this alike ask for the same thing, so their numbers should be the same. */
const sameQuestionFrom = 0.72
type Surface = { at: number; text: string; compared: string; isQuestion: boolean; parts: ReadonlySet<string> }

export function* entryPairSteps(entries: readonly PairedEntry[]): Steps<EntryPair[]> {
  const surfaces: Surface[] = []
  for (const [at, { wording }] of entries.entries()) {
    for (const [i, text] of [wording.question, ...wording.similar].entries()) {
      // With its question words: 是什么 and 怎么办 part two entries.
      const compared = loosened(normalise(text))
      const parts = new Set(grams(compared).filter((part) => part.length > 1))
      surfaces.push({ at, text, compared, isQuestion: i === 0, parts })
    }
    yield
  }
  const weights = new Map<Surface, Weighed>()
  const having = new Map<string, number[]>()
  const found = new Map<string, EntryPair>()
  for (const [at, surface] of surfaces.entries()) {
    for (const earlier of sharingHalf(surface)) note(earlier, surface)
    for (const part of surface.parts) {
      const list = having.get(part)
      if (list) list.push(at)
      else having.set(part, [at])
    }
    yield
  }
  return [...found.values()].sort((x, y) => y.likeness - x.likeness || x.a.entryId.localeCompare(y.a.entryId))

  /**
   * Earlier ones of other entries. Fewer than half of the pairs in common is never alike enough for either kind; so whatever
   * is has one of any half and one more of them, and is found by the rarest.
   */
  function sharingHalf({ at, parts }: Surface): Surface[] {
    const timesOf = (part: string) => having.get(part)?.length ?? 0
    const rarest = [...parts]
      .sort((one, other) => timesOf(one) - timesOf(other))
      .slice(0, Math.floor(parts.size / 2) + 1)
    const others = new Set(rarest.flatMap((part) => having.get(part) ?? []))
    const sharing: { earlier: Surface; number: number; first: number }[] = []
    for (const number of others) {
      const earlier = surfaces[number]
      if (!earlier || earlier.at === at) continue
      const shared = [...parts].map((part) => earlier.parts.has(part))
      if (shared.filter(Boolean).length * 2 >= parts.size)
        sharing.push({ earlier, number, first: shared.indexOf(true) })
    }
    return sharing.sort((a, b) => a.first - b.first || a.number - b.number).map(({ earlier }) => earlier)
  }

  function weighedOf(surface: Surface): Weighed {
    const known = weights.get(surface) ?? weighed(surface.compared)
    weights.set(surface, known)
    return known
  }

  function note(one: Surface, two: Surface): void {
    const [first, second] = [entries[one.at], entries[two.at]]
    if (!first || !second || !mayMeet(first.wording, second.wording)) return
    const score = likenessOf(weighedOf(one), weighedOf(two))
    const kinds = [
      ...(score >= alikeFrom && sameScope(first.wording, second.wording) ? (['alike'] as const) : []),
      ...(score >= sameQuestionFrom && one.isQuestion && two.isQuestion ? (['contradiction'] as const) : []),
    ]
    for (const kind of kinds) {
      const numbers = kind === 'contradiction' ? differingNumbers(first.wording, second.wording) : undefined
      if (kind === 'contradiction' && !numbers) continue
      const key = `${kind} ${first.entryId} ${second.entryId}`
      if ((found.get(key)?.likeness ?? 0) >= score) continue
      found.set(key, {
        kind,
        a: { entryId: first.entryId, text: one.text },
        b: { entryId: second.entryId, text: two.text },
        likeness: Math.round(score * 100) / 100,
        ...(numbers && { numbers }),
      })
    }
  }
}

/** A city's entry beside the country's on the same question is meant so: the city's goes first. */
function sameScope(a: Wording, b: Wording): boolean {
  return a.region === b.region
}

function mayMeet(a: Wording, b: Wording): boolean {
  const meets = <T>(one: T | undefined, other: T | undefined) =>
    one === undefined || other === undefined || one === other
  const overlaps = (a.validUntil ?? '9999') >= b.validFrom && (b.validUntil ?? '9999') >= a.validFrom
  return a.region === b.region && meets(a.insurance, b.insurance) && overlaps
}

const measured = /(\d+(?:\.\d+)?)(%|万元|元|个工作日|工作日|个月|天|日内|周岁|岁|年)/gu

/** Of a unit that both use, no number in common. */
export function differingNumbers(a: Wording, b: Wording): { a: string[]; b: string[] } | undefined {
  const [one, other] = [numbersIn(a), numbersIn(b)]
  for (const [unit, numbers] of one) {
    const others = other.get(unit)
    if (!others || [...numbers].some((number) => others.has(number))) continue
    return { a: [...numbers].map((number) => number + unit), b: [...others].map((number) => number + unit) }
  }
  return undefined
}

function numbersIn({ answer }: Wording): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  // Dates and the numbers of documents measure nothing.
  const text = normalise(
    answer.replace(/[〔[(（]\d{4}[〕\])）]\d*号?|\d{4}年(\d{1,2}月)?(\d{1,2}日)?/gu, ' ').replace(/[%％]/g, '百分号'),
  ).replaceAll('百分号', '%')
  for (const [, number = '', unit = ''] of text.matchAll(measured))
    found.set(unit, (found.get(unit) ?? new Set()).add(String(Number(number))))
  return found
}
