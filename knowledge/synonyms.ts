/**
 * Texts as they are searched where editors keep groups of words for the same thing: every question that has one of the
 * words counts as asked with the others too. Pure; what is said to citizens is untouched.
 */
import type { Wording } from '../contract/entry.ts'
import type { PublishedRevision } from './entries.store.ts'
import type { Steps } from './search/steps.ts'

export type Synonyms = readonly (readonly string[])[]
/** How a wording was searched last, by which groups. */
export type Searched = WeakMap<Wording, { groups: string; added: readonly string[]; wording: Wording }>

/** So many questions more an entry, that a group of common words does not drown all others. */
const mostAdded = 30

/** @param searched from before: a text to which the same is added again is the same wording again. */
export function* withSynonymsSteps(
  published: readonly PublishedRevision[],
  groups: Synonyms,
  searched: Searched = new WeakMap(),
): Steps<PublishedRevision[]> {
  if (groups.length === 0) return [...published]
  const key = JSON.stringify(groups)
  const all: PublishedRevision[] = []
  for (const revision of published) {
    const before = searched.get(revision.wording)
    if (before?.groups === key) all.push(worded(revision, before.wording))
    else {
      const added = addedTo(revision, groups)
      const isSame = before && before.added.join('\n') === added.join('\n')
      const wording = isSame ? before.wording : withAdded(revision.wording, added)
      searched.set(revision.wording, { groups: key, added, wording })
      all.push(worded(revision, wording))
    }
    yield
  }
  return all
}

function worded(revision: PublishedRevision, wording: Wording): PublishedRevision {
  return wording === revision.wording ? revision : { ...revision, wording }
}

function withAdded(wording: Wording, added: readonly string[]): Wording {
  return added.length === 0 ? wording : { ...wording, similar: [...wording.similar, ...added] }
}

/** The questions that the groups add to a text. */
export function addedTo({ wording }: PublishedRevision, groups: Synonyms): string[] {
  const written = [wording.question, ...wording.similar]
  const known = new Set(written)
  // 城乡居民医保 before 居民医保: the longer word is the one that stands there.
  const longestFirst = groups.map((group) => group.toSorted((a, b) => b.length - a.length))
  for (const question of written)
    for (const [at, group] of groups.entries()) {
      const found = longestFirst[at]?.find((word) => question.includes(word))
      if (found === undefined) continue
      for (const word of group) if (!question.includes(word)) known.add(question.replaceAll(found, word))
    }
  return [...known].slice(new Set(written).size).slice(0, mostAdded)
}
