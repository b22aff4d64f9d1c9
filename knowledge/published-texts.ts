/**
 * The published texts, each read once: a text is never changed, so that after a publication one of thousands is fetched,
 * and nothing as long as none was published.
 *
 * Invariant: a text that stays is the same object at every reading, and all come in one order on every node.
 */
import { entriesStore, type PublishedRevision } from './entries.store.ts'
import { inSlices } from './search/steps.ts'
import type { Db } from './tables.ts'

/** Some megabyte of JSON, which is read at one go. */
const readAtOnce = 200
const walkedAStep = 2_000

type Served = Pick<PublishedRevision, 'id' | 'example'>

/** @returns all that may be served on some day, in order. */
export function publishedTexts(db: Db): () => Promise<readonly PublishedRevision[]> {
  const store = entriesStore(db)
  let last: { version: number; texts: readonly PublishedRevision[] } | undefined

  return async () => {
    // Read before the texts: what is published in between is seen at the next reading.
    const version = await store.version()
    if (last?.version === version) return last.texts
    const before = last?.texts ?? []
    const served = await store.publishedIds()
    const { stay, missing } = await inSlices(compareSteps(before, served))
    const fresh: PublishedRevision[] = []
    for (let at = 0; at < missing.length; at += readAtOnce) {
      const some = missing.slice(at, at + readAtOnce)
      const examples = new Map(some.map(({ id, example }) => [id, example]))
      for (const text of await store.texts([...examples.keys()]))
        fresh.push({ ...text, example: examples.get(text.id) ?? false })
    }
    const texts = inOrder([...stay, ...inOrder(fresh)])
    last = { version, texts }
    return texts
  }
}

/** @returns those that are served still, in their order, and those that were not known. */
function* compareSteps(before: readonly PublishedRevision[], served: readonly Served[]) {
  const missing = new Map<string, Served>()
  for (const [at, one] of served.entries()) {
    missing.set(one.id, one)
    if (at % walkedAStep === 0) yield
  }
  const stay: PublishedRevision[] = []
  for (const [at, text] of before.entries()) {
    const now = missing.get(text.id)
    if (now) stay.push(text.example === now.example ? text : { ...text, example: now.example })
    missing.delete(text.id)
    if (at % walkedAStep === 0) yield
  }
  return { stay, missing: [...missing.values()] }
}

/** By entry, and of one entry by the day from which a text holds. Two lists in order, one behind the other, are merged. */
export function inOrder(texts: readonly PublishedRevision[]): PublishedRevision[] {
  return texts.toSorted(
    (a, b) => byCode(a.entryId, b.entryId) || byCode(a.wording.validFrom, b.wording.validFrom) || byCode(a.id, b.id),
  )
}

const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
