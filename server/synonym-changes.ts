/**
 * Groups of synonyms change like texts are published: in their turn, tried on the questions that are known, and refused when
 * one of them is answered worse, unless a reviewer signs for it.
 */
import type { SynonymChange, SynonymGroup } from '../contract/synonym.ts'
import { faultyField, Problem } from '../contract/problem.ts'
import { auditStore } from '../desk/audit.store.ts'
import { businessDay } from '../desk/working-days.ts'
import { answerer } from '../knowledge/answerer.ts'
import { entriesStore, type PublishedRevision } from '../knowledge/entries.store.ts'
import { rowsTried } from '../knowledge/gate.ts'
import { trial, type Trial } from '../knowledge/gate-trial.ts'
import type { GoldenRow } from '../knowledge/golden.ts'
import type { LiveIndex } from '../knowledge/live-index.ts'
import type { Act } from '../knowledge/review.ts'
import { inSlices, type Steps } from '../knowledge/search/steps.ts'
import { addedTo, type Synonyms } from '../knowledge/synonyms.ts'
import { synonymsStore } from '../knowledge/synonyms.store.ts'
import type { Db } from './db/database.ts'
import type { PublishTurns } from './publish-turns.ts'
import { signedFor } from './publishing.ts'

export type SynonymChanges = ReturnType<typeof synonymChanges>

type Parts = {
  db: Db
  inTurn: PublishTurns
  knowledge: Pick<LiveIndex, 'current' | 'baseOver' | 'published' | 'refresh'>
  golden: () => Promise<readonly GoldenRow[]>
}

export function synonymChanges({ db, inTurn, knowledge, golden }: Parts) {
  /** What a change would do. @throws Problem not_found, invalid_input. */
  async function tried({ id, words }: SynonymChange, now: Date): Promise<Trial & { entries: number }> {
    const standing = await synonymsStore(db).list()
    const after = groupsAfter(standing, { id, words })
    const before = standing.map((group) => group.words)
    const published = await knowledge.published()
    const touched = await inSlices(touchedSteps(published, before, after))
    if (touched.length === 0) return { looked: 0, worse: [], better: [], entries: 0 }
    const { index, thresholds } = await knowledge.baseOver(published, after)
    const changed = new Set(touched.map(({ entryId }) => entryId))
    const done = await trial({
      rows: rowsTried(await golden(), published, new Set()),
      before: knowledge.current(),
      after: answerer(index, thresholds),
      changed,
      surfaces: touched.flatMap(({ differing }) => differing),
      on: businessDay(now),
    })
    return { ...done, entries: changed.size }
  }

  return {
    tried,

    /** @throws Problem as tried; publish_worsens. */
    change(asked: SynonymChange, { staffId, now }: Act): Promise<void> {
      const { id, words, override } = asked
      return inTurn(async () => {
        await knowledge.refresh()
        const signed = signedFor(await tried(asked, now), override)
        await db.transaction().execute(async (tx) => {
          const store = synonymsStore(tx)
          const subject = id ?? (await store.add(words ?? [], staffId, now))
          if (id && words) await store.change(id, words, staffId, now)
          if (id && !words) await store.remove(id)
          await entriesStore(tx).bumpVersion(now)
          const detail = { ...(words && { words }), ...signed }
          await auditStore(tx).record({ staffId, act: words ? 'synonym.set' : 'synonym.remove', subject, detail }, now)
        })
      })
    },
  }
}

/** The texts that are searched by other questions than before, with those that come or go. */
function* touchedSteps(
  published: readonly PublishedRevision[],
  before: Synonyms,
  after: Synonyms,
): Steps<{ entryId: string; differing: string[] }[]> {
  const touched: { entryId: string; differing: string[] }[] = []
  for (const text of published) {
    const [was, becomes] = [addedTo(text, before), addedTo(text, after)]
    const differing = [...was, ...becomes].filter((one) => was.includes(one) !== becomes.includes(one))
    if (differing.length > 0) touched.push({ entryId: text.entryId, differing })
    yield
  }
  return touched
}

/** @throws Problem not_found; invalid_input where a word stands in another group. */
function groupsAfter(standing: readonly SynonymGroup[], { id, words }: SynonymChange): string[][] {
  if (id && !standing.some((group) => group.id === id)) throw new Problem('not_found', `no group ${id}`)
  const others = standing.filter((group) => group.id !== id).map((group) => group.words)
  const taken = words?.find((word) => others.some((other) => other.includes(word)))
  if (taken) throw faultyField('words', `“${taken}”已在另一组里`)
  return words ? [...others, words] : others
}
