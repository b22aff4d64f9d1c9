/**
 * What the answerer is measured against: ready-made search over the same questions. Each gets every question of an
 * entry, similar ones too, as a text of its own, and ranks entries by their best text.
 */
import type { SetEntry } from '../evaluation-set.ts'
import { rankedDepth } from '../ranking.ts'

export type Surface = { entry: string; text: string }
/** @returns entries, best first, as often as their texts were found. */
export type Search = (text: string) => string[] | Promise<string[]>
export type Baseline = (surfaces: readonly Surface[]) => Search | Promise<Search>

/** Texts asked of an engine: enough that ten entries are left when several texts are of one entry. */
export const textsWanted = 60

export function surfacesOf(kb: readonly SetEntry[]): Surface[] {
  return kb.flatMap(({ id, question, similar = [] }) => [question, ...similar].map((text) => ({ entry: id, text })))
}

/** Each entry once, at its best place. */
export function entriesOf(found: readonly string[]): string[] {
  return [...new Set(found)].slice(0, rankedDepth)
}
