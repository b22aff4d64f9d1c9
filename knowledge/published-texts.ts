/**
 * The published texts, each read once: a text is never changed, so that after a publication one of thousands is fetched.
 *
 * Invariant: a text that stays is the same object at every reading, and all come in one order on every node.
 */
import { entriesStore, type PublishedRevision } from './entries.store.ts'
import type { Db } from './tables.ts'

/** Some megabyte of JSON, which is read at one go. */
const readAtOnce = 200

/** @returns all that may be served on some day, in order. */
export function publishedTexts(db: Db): () => Promise<PublishedRevision[]> {
  const store = entriesStore(db)
  let known = new Map<string, PublishedRevision>()

  return async () => {
    const served = await store.publishedIds()
    const before = known
    const missing = served.flatMap(({ id }) => (before.has(id) ? [] : [id]))
    const texts = new Map<string, PublishedRevision>()
    for (let at = 0; at < missing.length; at += readAtOnce)
      for (const text of await store.texts(missing.slice(at, at + readAtOnce)))
        texts.set(text.id, { ...text, example: false })
    const all = served.flatMap(({ id, example }) => {
      const text = before.get(id) ?? texts.get(id)
      return text ? [text.example === example ? text : { ...text, example }] : []
    })
    known = new Map(all.map((text) => [text.id, text]))
    return inOrder(all)
  }
}

/** By entry, and of one entry by the day from which a text holds. */
export function inOrder(texts: readonly PublishedRevision[]): PublishedRevision[] {
  return texts.toSorted(
    (a, b) => byCode(a.entryId, b.entryId) || byCode(a.wording.validFrom, b.wording.validFrom) || byCode(a.id, b.id),
  )
}

const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
