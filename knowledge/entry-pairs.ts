/**
 * Pairs of entries that get into each other's way: asked in words too alike, or answering one question with different
 * numbers. Pure. The console shows them for somebody to settle; `npm run packs:lint` tells them of the packs.
 *
 * Only entries that could be served to the same person are paired: one place (or one of them the whole country's), one
 * insurance (or one of them either's).
 */
import type { Wording } from '../contract/entry.ts'
import { likeness } from './gap-clusters.ts'
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
const surfacesAStep = 50

type Surface = { at: number; text: string; compared: string; isQuestion: boolean }

export function* entryPairSteps(entries: readonly PairedEntry[]): Steps<EntryPair[]> {
  const surfaces: Surface[] = entries.flatMap(({ wording }, at) =>
    [wording.question, ...wording.similar].map((text, i) => ({
      at,
      text,
      // With its question words: 是什么 and 怎么办 part two entries.
      compared: loosened(normalise(text)),
      isQuestion: i === 0,
    })),
  )
  const having = new Map<string, number[]>()
  const found = new Map<string, EntryPair>()
  for (const [at, surface] of surfaces.entries()) {
    if (at % surfacesAStep === 0) yield
    if (surface.compared === '') continue
    const parts = [...new Set(grams(surface.compared))].filter((part) => part.length > 1)
    const shared = new Map<number, number>()
    for (const part of parts)
      for (const other of having.get(part) ?? []) shared.set(other, (shared.get(other) ?? 0) + 1)
    for (const [other, times] of shared) {
      // Fewer than half of the pairs in common is never alike enough for either kind.
      const earlier = times * 2 >= parts.length ? surfaces[other] : undefined
      if (earlier && earlier.at !== surface.at) note(earlier, surface)
    }
    for (const part of parts) {
      const list = having.get(part)
      if (list) list.push(at)
      else having.set(part, [at])
    }
  }
  return [...found.values()].sort((x, y) => y.likeness - x.likeness || x.a.entryId.localeCompare(y.a.entryId))

  function note(one: Surface, two: Surface): void {
    const [first, second] = [entries[one.at], entries[two.at]]
    if (!first || !second || !mayMeet(first.wording, second.wording)) return
    const score = likeness(one.compared, two.compared)
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
