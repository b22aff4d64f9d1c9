/**
 * What editors and reviewers do with an entry's text. Every method belongs into a transaction of the caller's, so that
 * an audit line can be written in the same one.
 *
 * Invariant: nobody approves what they wrote, and nothing of the bureau's is published without an approval. Who may
 * do which move by role is asked at the edge.
 */
import { randomInt } from 'node:crypto'
import type { Revision, Wording } from '../contract/entry.ts'
import { faultyField, Problem } from '../contract/problem.ts'
import { entriesStore, type KeptRevision } from './entries.store.ts'
import { entryListsStore } from './entry-lists.store.ts'
import { afterMove, type RevisionMove } from './revision-moves.ts'
import type { Db } from './tables.ts'

/** Who acts, and when. */
export type Act = { staffId: string; now: Date }

/** @param tx a transaction; rolled back by the caller when a method throws. */
export function review(tx: Db) {
  const entries = entriesStore(tx)
  const lists = entryListsStore(tx)

  async function show(id: string): Promise<Revision> {
    const revision = await lists.revision(id)
    if (!revision) throw new Problem('not_found', `no revision ${id}`)
    return revision
  }

  async function addDraft(entryId: string, number: number, wording: Wording, act: Act): Promise<Revision> {
    const [id = ''] = await entries.addRevisions([
      { entryId, number, state: 'draft', wording, author: act.staffId, now: act.now },
    ])
    return show(id)
  }

  /** @throws Problem invalid_input naming the first neighbour that does not exist. */
  async function checkNeighbours(wording: Wording): Promise<void> {
    const known = await entries.packsOf(wording.notToConfuse)
    const missing = wording.notToConfuse.findIndex((id) => !known.has(id))
    if (missing >= 0) throw faultyField(`wording.notToConfuse.${missing}`, '没有这个编号的条目')
  }

  /** Later ones of the same entry give way; earlier ones hold until this one comes into force. */
  async function publish(revision: KeptRevision, now: Date): Promise<void> {
    const others = (await entries.revisionsOf([revision.entryId])).filter(
      (other) =>
        other.state === 'published' &&
        other.id !== revision.id &&
        other.wording.validFrom >= revision.wording.validFrom,
    )
    await entries.move(
      others.map(({ id }) => id),
      { state: 'superseded' },
    )
    await entries.move([revision.id], { state: 'published', publishedAt: now })
  }

  return {
    /**
     * A new entry with its first draft.
     * @throws Problem conflict when the id is taken, invalid_input for an unknown neighbour.
     */
    async draft(wording: Wording, act: Act, entryId = madeUpId()): Promise<Revision> {
      await checkNeighbours(wording)
      const added = await entries.addEntries([{ id: entryId, pack: null }], act.now)
      if (added.length === 0) throw new Problem('conflict', `entry ${entryId} exists`)
      return addDraft(entryId, 1, wording, act)
    },

    /** A new draft of an entry, whatever its other revisions are at. @throws Problem not_found, invalid_input. */
    async revise(entryId: string, wording: Wording, act: Act): Promise<Revision> {
      if (!(await entries.lock(entryId))) throw new Problem('not_found', `no entry ${entryId}`)
      await checkNeighbours(wording)
      const last = (await entries.revisionsOf([entryId])).at(-1)
      return addDraft(entryId, (last?.number ?? 0) + 1, wording, act)
    },

    /** An earlier text once more, put up for review at once. @throws Problem not_found, illegal_move for the newest one. */
    async rollBack(entryId: string, number: number, act: Act): Promise<Revision> {
      if (!(await entries.lock(entryId))) throw new Problem('not_found', `no entry ${entryId}`)
      const revisions = await entries.revisionsOf([entryId])
      const earlier = revisions.find((revision) => revision.number === number)
      if (!earlier) throw new Problem('not_found', `no revision ${number} of ${entryId}`)
      const last = revisions.at(-1)
      if (earlier === last) throw new Problem('illegal_move', `revision ${number} of ${entryId} is the newest`)
      const again = await addDraft(entryId, (last?.number ?? 0) + 1, earlier.wording, act)
      await entries.move([again.id], { state: 'submitted' })
      return show(again.id)
    },

    /** @throws Problem not_found, illegal_move, approver_is_author. */
    async move(revisionId: string, move: RevisionMove, act: Act): Promise<Revision> {
      const seen = await entries.revision(revisionId)
      if (!seen) throw new Problem('not_found', `no revision ${revisionId}`)
      await entries.lock(seen.entryId)
      const revision = (await entries.revision(revisionId)) ?? seen
      const example = revision.origin === 'pack' && revision.reviewer === null
      const state = afterMove(revision.state, move, example)
      if (!state) throw new Problem('illegal_move', `revision ${revisionId} is ${revision.state}, cannot ${move}`)
      if (move === 'approve' && revision.author === act.staffId)
        throw new Problem('approver_is_author', `revision ${revisionId} is by its approver`)

      if (move === 'publish') await publish(revision, act.now)
      else await entries.move([revisionId], { state, ...(move === 'approve' && { reviewer: act.staffId }) })
      // Approving a published example changes what is served too: it is no longer marked, or no longer held back.
      if (move === 'publish' || revision.state === 'published') await entries.bumpVersion(act.now)
      return show(revisionId)
    },
  }
}

/** "e-" and eight of 0-9a-z: 41 bits, for entries whose editor chose no name. */
export function madeUpId(): string {
  return `e-${Array.from({ length: 8 }, () => randomInt(36).toString(36)).join('')}`
}
