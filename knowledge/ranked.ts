/** What the index found for a text, with all that a decision asks of it. */
import type { Insurance } from '../contract/text.ts'
import type { Candidate, Circumstances } from './decision.ts'
import { insuranceAsked, insuranceServed } from './insurance.ts'
import type { EntryIndex, Hit, Look } from './search/entry-index.ts'
import { slotsIn } from './slots.ts'
import { normalise } from './text/normalise.ts'

export type Ranked = Candidate & Hit

/** @param text normalised, without city names. */
export function rankedHits(index: EntryIndex, text: string, look: Look): Ranked[] {
  return index.hits(text, look).map((hit): Ranked => {
    const { wording, entryId } = hit.revision
    const { region, notToConfuse, question } = wording
    // Only the first few hits are ever asked what they speak of.
    const speaksOf = () => slotsIn(`${normalise(question)} ${hit.text}`, look.on)
    return { ...hit, entryId, region, insurance: insuranceServed(wording), notToConfuse, speaksOf }
  })
}

/** @param region when it is sure. @param onFile the insurance that the conversation knows of. */
export function circumstances(
  text: string,
  { on, region, onFile }: { on: string; region?: string; onFile?: Insurance },
): Circumstances {
  return { region, insurance: insuranceAsked(text, onFile), speaksOf: slotsIn(text, on) }
}
