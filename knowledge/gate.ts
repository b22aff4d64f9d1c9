/**
 * 发布把关: whether questions are answered worse once a text is published. Pure rules; gate-trial.ts runs them.
 *
 * A row is a question of which it is known what answers it: a golden one, or one that editors wrote for another entry.
 * Only rows that the change can touch are looked at: those of whose first candidates the changed entry is one, with the
 * change or without it.
 */
import type { Answer } from '../contract/answer.ts'
import { goldenFates, type GoldenFate } from '../contract/golden.ts'
import type { Insurance } from '../contract/text.ts'
import type { PublishedRevision } from './entries.store.ts'
import { halfOf, type GoldenRow } from './golden.ts'

export type TriedRow = {
  question: string
  /** The entry that answers it; null where none may. */
  expected: string | null
  region?: string
  insurance?: Insurance
  voice: boolean
  golden: boolean
  /** Only measured: editors read how many such rows get worse, never which. */
  keptBack?: true
}

export function fateOf(expected: string | null, { outcome, entry, choices = [] }: Answer): GoldenFate {
  if (expected === null) return outcome === 'unknown' ? 'right' : outcome === 'ask-back' ? 'offered' : 'wrong'
  if (outcome === 'answer') return entry?.id === expected ? 'right' : 'wrong'
  return choices.some(({ id }) => id === expected) ? 'offered' : 'withheld'
}

export const noFates = (): Record<GoldenFate, number> => ({ right: 0, offered: 0, withheld: 0, wrong: 0 })

/** What was told, or offered, in the words of the entries. */
export function toldBy({ outcome, entry, choices = [] }: Answer): string {
  return outcome === 'answer' ? (entry?.question ?? '') : choices.map(({ question }) => question).join(' / ')
}

export function isWorse(before: GoldenFate, after: GoldenFate): boolean {
  return goldenFates.indexOf(after) > goldenFates.indexOf(before)
}

export function goldenTried(row: GoldenRow): TriedRow {
  const { text, entry, region, insurance, kind } = row
  return {
    question: text,
    expected: entry,
    ...(region && { region }),
    ...(insurance && { insurance }),
    voice: kind === 'asr',
    golden: true,
    ...(halfOf(row) === 'test' && { keptBack: true }),
  }
}

/** What editors wrote for every entry but the changed ones, row by row: there may be a hundred thousand. */
export function* surfacesTried(
  published: readonly PublishedRevision[],
  changed: ReadonlySet<string>,
): Generator<TriedRow, void, void> {
  for (const { entryId, wording } of published) {
    if (changed.has(entryId)) continue
    const { region, insurance } = wording
    const known = { expected: entryId, region, insurance, voice: false, golden: false }
    yield { question: wording.question, ...known }
    for (const question of wording.similar) yield { question, ...known }
  }
}

/** Every row of which it is known what answers it: the golden ones, then what editors wrote. */
export function* rowsTried(
  golden: readonly GoldenRow[],
  published: readonly PublishedRevision[],
  changed: ReadonlySet<string>,
): Generator<TriedRow, void, void> {
  for (const row of golden) yield goldenTried(row)
  yield* surfacesTried(published, changed)
}

/** What may be served once these are published too, by the rule of review.ts: of an entry, later texts give way. */
export function withPublished(
  published: readonly PublishedRevision[],
  revisions: readonly PublishedRevision[],
): PublishedRevision[] {
  const left = published.filter(
    (old) =>
      !revisions.some((fresh) => fresh.entryId === old.entryId && old.wording.validFrom >= fresh.wording.validFrom),
  )
  return [...left, ...revisions]
}

/** Whether publishing can change what any question leads to; a new answer under the old questions cannot. */
export function changesSearch(published: readonly PublishedRevision[], fresh: PublishedRevision, on: string): boolean {
  const held = published
    .filter(({ entryId, wording }) => entryId === fresh.entryId && wording.validFrom <= on)
    .sort((a, b) => b.wording.validFrom.localeCompare(a.wording.validFrom))[0]
  return !held || searchedBy(held) !== searchedBy(fresh)
}

function searchedBy({ wording }: PublishedRevision): string {
  const { question, similar, region, insurance, audience, notToConfuse, validUntil } = wording
  return JSON.stringify([question, similar, region, insurance, audience, notToConfuse, validUntil])
}
