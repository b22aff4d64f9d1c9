/** Pairs of published entries that get into each other's way, worked out once for each state of the base and each day. */
import { entriesStore, type PublishedRevision } from './entries.store.ts'
import { entryPairSteps, type EntryPair } from './entry-pairs.ts'
import { inSlices } from './search/steps.ts'
import type { Db } from './tables.ts'
import { isInForce } from './validity.ts'

/** @returns the pairs of the texts that hold on a day, most alike first. */
export function livePairs(db: Db): (on: string) => Promise<EntryPair[]> {
  let known: { version: number; on: string; pairs: EntryPair[] } | undefined

  return async (on) => {
    const entries = entriesStore(db)
    const version = await entries.version()
    if (known?.version !== version || known.on !== on) {
      const pairs = await inSlices(entryPairSteps(holding(await entries.published(), on)))
      known = { version, on, pairs }
    }
    return known.pairs
  }
}

/** Of each entry the newest text that is in force. */
export function holding(published: readonly PublishedRevision[], on: string): PublishedRevision[] {
  const held = new Map<string, PublishedRevision>()
  for (const one of published) {
    const before = held.get(one.entryId)
    if (isInForce(one.wording, on) && (!before || before.wording.validFrom < one.wording.validFrom))
      held.set(one.entryId, one)
  }
  return [...held.values()]
}
