/**
 * Brings the shipped packs into the database at start: all that changed in one transaction, nothing when nothing did.
 *
 * Invariant: the bureau's own decision is never overwritten. An entry of which the console has published a text is left
 * alone; where a shipped text was approved or withdrawn here, a newer one waits for review instead of replacing it.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Wording } from '../contract/entry.ts'
import { entriesStore, type KeptRevision, type NewRevision } from './entries.store.ts'
import type { Fault } from './pack-document.ts'
import { readPacks } from './pack-folder.ts'
import type { Pack } from './pack.ts'
import type { Db } from './tables.ts'

export type LoadedPacks = {
  /** All that was read, entries included, for the list of cities. */
  packs: Pack[]
  faults: Fault[]
  /** Entries by what was done with them. `waiting`: a new text was put up for review. */
  counts: { added: number; changed: number; waiting: number; unchanged: number; keptOwn: number }
}

/** @param folder holds one folder a pack. @throws when it cannot be read; a faulty file is only reported. */
export async function loadPacks({ db, folder, now }: { db: Db; folder: string; now: Date }): Promise<LoadedPacks> {
  const { packs, faults } = await readPacks(folder)
  const counts = await db.transaction().execute((tx) => load(tx, packs, now))
  return { packs, faults, counts }
}

async function load(tx: Db, packs: readonly Pack[], now: Date): Promise<LoadedPacks['counts']> {
  const store = entriesStore(tx)
  await store.lockPacks()
  const shipped = packs.flatMap((pack) => pack.entries.map((entry) => ({ ...entry, pack: pack.name })))
  const ids = shipped.map(({ id }) => id)
  const packOf = await store.packsOf(ids)
  const known = new Map<string, KeptRevision[]>(ids.map((id) => [id, []]))
  for (const revision of await store.revisionsOf(ids)) known.get(revision.entryId)?.push(revision)

  const counts = { added: 0, changed: 0, waiting: 0, unchanged: 0, keptOwn: 0 }
  const added: { id: string; pack: string }[] = []
  const fresh: NewRevision[] = []
  const stale: string[] = []
  for (const { id, pack, wordings } of shipped) {
    if (!packOf.has(id)) added.push({ id, pack })
    const plan = planFor(wordings, known.get(id) ?? [], packOf.get(id) === null)
    counts[packOf.has(id) ? plan.outcome : 'added']++
    fresh.push(...plan.fresh.map((revision) => ({ ...revision, entryId: id, now })))
    stale.push(...plan.stale)
  }

  if (fresh.length === 0 && stale.length === 0) return counts
  await store.addEntries(added, now)
  await store.move(stale, { state: 'superseded' })
  await store.addRevisions(fresh)
  await store.bumpVersion(now)
  return counts
}

type Plan = {
  outcome: 'changed' | 'waiting' | 'unchanged' | 'keptOwn'
  fresh: Pick<NewRevision, 'number' | 'state' | 'wording'>[]
  /** Ids of the pack's own former texts. */
  stale: string[]
}

/** @param revisions all of the entry, by number. @param madeHere the entry was opened in the console, not by a pack. */
function planFor(wordings: readonly Wording[], revisions: readonly KeptRevision[], madeHere: boolean): Plan {
  const ownText = revisions.some(({ origin, publishedAt }) => origin === 'console' && publishedAt !== null)
  if (madeHere || ownText) return { outcome: 'keptOwn', fresh: [], stale: [] }

  const current = revisions.filter(({ origin, state }) => origin === 'pack' && state !== 'superseded')
  const missing = wordings.filter((wording) => !current.some((revision) => sameText(revision.wording, wording)))
  const judged = current.some(({ reviewer, state }) => reviewer !== null || state === 'withdrawn')
  const outdated = current.filter(
    ({ wording, state }) => state === 'published' && !wordings.some((shipped) => sameText(wording, shipped)),
  )
  const stale = judged ? [] : outdated.map(({ id }) => id)
  if (missing.length === 0 && stale.length === 0) return { outcome: 'unchanged', fresh: [], stale: [] }

  const last = revisions.at(-1)?.number ?? 0
  const state = judged ? ('submitted' as const) : ('published' as const)
  const fresh = missing.map((wording, at) => ({ number: last + 1 + at, state, wording }))
  return { outcome: judged ? 'waiting' : 'changed', fresh, stale }
}

/** As JSON holds them: a field that is absent equals one that is undefined, and the order of fields is nothing. */
function sameText(kept: Wording, shipped: Wording): boolean {
  return isDeepStrictEqual(kept, JSON.parse(JSON.stringify(shipped)))
}
