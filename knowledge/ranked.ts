/** What the index found for a text, with all that a decision asks of it. */
import type { Insurance } from '../contract/text.ts'
import type { Candidate, Circumstances } from './decision.ts'
import type { Alike } from './meanings.ts'
import { insuranceAsked, insuranceServed } from './insurance.ts'
import type { EntryIndex, Hit, Look } from './search/entry-index.ts'
import { slotsIn } from './slots.ts'
import { loosened, normalise } from './text/normalise.ts'

/** `ahead`: how far its place in the order is from what its score says. */
export type Ranked = Candidate & Hit & { ahead: number }

/** Among so many of the best by words, meaning may change the order. */
const mostCompared = 20
/** How much a meaning's distance from the usual one of these counts beside the score by words. */
const meaningWeight = 0.3
/**
 * An entry of the city that is asked about is likelier meant than the country's about the same; one of some city, when
 * none was named, is less so. As far as wholes are believed, since only then do scores tell the two apart.
 */
const cityLead = 0.3

/** @param text normalised, without city names. */
export function rankedHits(index: EntryIndex, text: string, look: Look): Ranked[] {
  const ranked = index.hits(text, look).map((hit): Ranked => {
    const { wording, entryId } = hit.revision
    const { region, notToConfuse, question } = wording
    // Only the first few hits are ever asked what they speak of.
    const speaksOf = () => slotsIn(`${normalise(question)} ${hit.text}`, look.on)
    const ahead = aheadOf(region, look, hit.evidence.weight)
    return { ...hit, entryId, region, insurance: insuranceServed(wording), notToConfuse, speaksOf, ahead }
  })
  return ranked.sort(bestFirst)
}

/** Whether some of these entries may be among the first so many of `rankedHits`: false only where none is. */
export function mayRankFirst(
  index: EntryIndex,
  text: string,
  look: Look,
  { entries, limit }: { entries: ReadonlySet<string>; limit: number },
): boolean {
  const added = ({ wording: { region } }: Hit['revision']) => aheadOf(region, look, index.density)
  return index.mayComeFirst(text, look, { entries, limit, added })
}

function aheadOf(region: string | undefined, look: Look, weight: number): number {
  return region ? (look.regions ? cityLead : -cityLead) * weight : 0
}

function bestFirst(one: Ranked, other: Ranked): number {
  return other.score + other.ahead - one.score - one.ahead
}

/**
 * The same with likeness in meaning as one more thing to rank by. What counts is the distance from the mean of those
 * compared, so that scores keep the scale on which the thresholds were found, whatever cosines a model gives.
 */
export function rankedByMeaning(ranked: readonly Ranked[], alike: Alike): Ranked[] {
  const compared = ranked.slice(0, mostCompared).map((one) => ({ one, cosine: alike(one.text) }))
  const cosines = compared.flatMap(({ cosine }) => cosine ?? [])
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / Math.max(1, cosines.length)
  const moved = compared.map(({ one, cosine }) => {
    // Word for word is word for word.
    if (cosine === undefined || one.score === 1) return one
    return { ...one, score: Math.min(Math.max(one.score + meaningWeight * (cosine - mean), 0), 0.999) }
  })
  return [...moved, ...ranked.slice(mostCompared)].sort(bestFirst)
}

/** @param region when it is sure. @param onFile the insurance that the conversation knows of. */
export function circumstances(
  text: string,
  { on, region, onFile }: { on: string; region?: string; onFile?: Insurance },
): Circumstances {
  return { region, insurance: insuranceAsked(loosened(text), onFile), speaksOf: slotsIn(text, on) }
}
