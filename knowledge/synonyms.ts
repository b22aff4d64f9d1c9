/**
 * Texts as they are searched where editors keep groups of words for the same thing: every question that has one of the
 * words counts as asked with the others too. Pure; what is said to citizens is untouched.
 */
import type { PublishedRevision } from './entries.store.ts'

export type Synonyms = readonly (readonly string[])[]

/** So many questions more an entry, that a group of common words does not drown all others. */
const mostAdded = 30

export function withSynonyms(published: readonly PublishedRevision[], groups: Synonyms): PublishedRevision[] {
  return published.map((revision) => {
    const added = addedTo(revision, groups)
    const { wording } = revision
    return added.length === 0
      ? revision
      : { ...revision, wording: { ...wording, similar: [...wording.similar, ...added] } }
  })
}

/** The questions that the groups add to a text. */
export function addedTo({ wording }: PublishedRevision, groups: Synonyms): string[] {
  const written = [wording.question, ...wording.similar]
  const known = new Set(written)
  for (const question of written)
    for (const group of groups) {
      // 城乡居民医保 before 居民医保: the longer word is the one that stands there.
      const found = group.toSorted((a, b) => b.length - a.length).find((word) => question.includes(word))
      if (found === undefined) continue
      for (const word of group) if (!question.includes(word)) known.add(question.replaceAll(found, word))
    }
  return [...known].slice(new Set(written).size).slice(0, mostAdded)
}
