/**
 * What happens to gaps: questions are gathered into them, editors answer or dismiss them, publication closes them, and
 * whoever asked is told once. Every method belongs into a transaction of the caller's.
 *
 * Invariant: no question is gathered twice, and nobody is told twice of the same gap.
 */
import type { Revision, Wording } from '../contract/entry.ts'
import { faultyField, Problem } from '../contract/problem.ts'
import { entriesStore, type KeptRevision } from './entries.store.ts'
import { clusters, comparedForm } from './gap-clusters.ts'
import { afterGapMove, mayMerge, mayTakeOut, moveByDraft, type GapMove } from './gap-moves.ts'
import { gapsStore, type KeptGap, type UnansweredQuestion } from './gaps.store.ts'
import { review, type Act } from './review.ts'
import type { Db } from './tables.ts'
import { normalise } from './text/normalise.ts'

/** As a wording takes them. */
const mostSimilar = 60
const longestSimilar = 200

/** @param tx a transaction; rolled back by the caller when a method throws. */
export function gaps(tx: Db) {
  const store = gapsStore(tx)

  /** @throws Problem not_found, illegal_move. */
  async function legal(id: string, move: GapMove): Promise<KeptGap & { to: KeptGap['state'] }> {
    const gap = await store.lock(id)
    if (!gap) throw new Problem('not_found', `no gap ${id}`)
    const to = afterGapMove(gap.state, move)
    if (!to) throw new Problem('illegal_move', `gap ${id} is ${gap.state}, cannot ${move}`)
    return { ...gap, to }
  }

  async function drafted(id: string, revision: Revision, now: Date): Promise<Revision> {
    await store.move(id, { state: 'drafting', draft: { entryId: revision.entryId, number: revision.number } }, now)
    return revision
  }

  return {
    /** @returns how many were new. */
    async gather(questions: readonly UnansweredQuestion[], now: Date): Promise<number> {
      if (questions.length === 0) return 0
      const known = clusters(await store.gatheringQuestions())
      let fresh = 0
      for (const asked of questions) {
        const compared = comparedForm(asked.question)
        const gapId = compared
          ? (known.find(compared) ?? (await store.open(asked.question, asked.askedAt, now)))
          : undefined
        if (await store.addQuestion(asked, compared, gapId)) fresh++
        if (gapId) known.add(gapId, compared)
      }
      return fresh
    },

    /** @throws Problem not_found. */
    async give(id: string, to: { ownerId?: string; dueOn?: string }): Promise<void> {
      if (!(await store.give(id, to))) throw new Problem('not_found', `no gap ${id}`)
    },

    /** A new entry that answers it; what was asked becomes similar questions. @throws as review.draft, illegal_move. */
    async draft(id: string, wording: Wording, act: Act, entryId?: string): Promise<Revision> {
      await legal(id, 'draft')
      const asked = await store.wordings(id, mostSimilar)
      return drafted(id, await review(tx).draft(withQuestions(wording, asked), act, entryId), act.now)
    },

    /** The entry answers it already, or nearly: what was asked becomes similar questions in a new draft of it. */
    async attach(id: string, entryId: string, act: Act): Promise<Revision> {
      await legal(id, 'draft')
      const revisions = await entriesStore(tx).revisionsOf([entryId])
      const base = revisions.findLast(({ state }) => state === 'published') ?? revisions.findLast(isStanding)
      if (!base) throw new Problem('not_found', `no entry ${entryId} with a text that stands`)
      const wording = withQuestions(base.wording, await store.wordings(id, mostSimilar))
      return drafted(id, await review(tx).revise(entryId, wording, act), act.now)
    },

    /**
     * By hand: both are about the same. The one that is left empty is dismissed, with where its questions went.
     * @returns how many questions moved. @throws Problem not_found, illegal_move, invalid_input.
     */
    async merge(id: string, into: string, now: Date): Promise<number> {
      if (id === into) throw faultyField('into', '应是另一个缺口')
      // In one order, whoever merges which into which.
      const [first, second] = [id, into].sort()
      const locked = [first && (await store.lock(first)), second && (await store.lock(second))]
      const [from, to] = [id, into].map((one) => locked.find((gap) => gap && gap.id === one) || undefined)
      if (!from) throw new Problem('not_found', `no gap ${id}`)
      if (!to) throw faultyField('into', '没有这个缺口')
      if (!mayMerge(from.state, to.state))
        throw new Problem('illegal_move', `a gap that is ${from.state} cannot go into one that is ${to.state}`)
      const moved = await store.mergeQuestions(id, into)
      await store.move(id, { state: 'dismissed', draft: null, reason: '已并入另一个缺口' }, now)
      return moved
    },

    /** By hand: this question is about something else. @returns its new gap. @throws as merge. */
    async takeOut(id: string, one: { conversationId: string; seq: number }, now: Date): Promise<string> {
      const gap = await store.lock(id)
      if (!gap) throw new Problem('not_found', `no gap ${id}`)
      const said = await store.saidIn(id, one.conversationId, one.seq)
      if (!said) throw new Problem('not_found', `no such question in gap ${id}`)
      if (!mayTakeOut(gap.state) || said.isAlone)
        throw new Problem('illegal_move', `nothing can be taken out of gap ${id}, which is ${gap.state}`)
      const fresh = await store.open(said.question, said.askedAt, now)
      await store.takeOut(id, said.compared, fresh)
      return fresh
    },

    /** @throws Problem not_found, illegal_move. */
    async dismiss(id: string, reason: string, now: Date): Promise<void> {
      const { to } = await legal(id, 'dismiss')
      await store.move(id, { state: to, draft: null, reason }, now)
    },

    /** @throws Problem not_found, illegal_move. */
    async reopen(id: string, now: Date): Promise<void> {
      const { to } = await legal(id, 'reopen')
      await store.move(id, { state: to }, now)
    },

    /** Gaps follow what becomes of their drafts, whoever published or withdrew them. @returns how many moved. */
    async followDrafts(now: Date): Promise<number> {
      let moved = 0
      for (const { id, since } of await store.drafting()) {
        const move = moveByDraft(since)
        const gap = move && (await store.lock(id))
        const state = gap && afterGapMove(gap.state, move)
        if (!state) continue
        await store.move(id, { state, ...(state === 'open' && { draft: null }) }, now)
        moved++
      }
      return moved
    },

    /** This contact has been told; the last one told ends the gap. */
    async told(gapId: string, contactId: string, now: Date): Promise<void> {
      const gap = await store.lock(gapId)
      if (await store.told(gapId, contactId, now)) return
      const state = gap && afterGapMove(gap.state, 'tell')
      if (state) await store.move(gapId, { state }, now)
    },

    /** What was on its way to this contact did not arrive: they are still to be told. */
    async untold(gapId: string, contactId: string, now: Date): Promise<void> {
      const gap = await store.lock(gapId)
      await store.untold(gapId, contactId)
      const state = gap && afterGapMove(gap.state, 'untell')
      if (state) await store.move(gapId, { state }, now)
    },
  }
}

const isStanding = ({ state }: KeptRevision) => state !== 'withdrawn' && state !== 'superseded'

/** What the wording asks already is not added again; what does not fit, or had personal data in it, is left to the editor. */
export function withQuestions(wording: Wording, asked: readonly string[]): Wording {
  const known = new Set([wording.question, ...wording.similar].map(normalise))
  const added = asked.filter((question) => {
    const text = normalise(question)
    if (question.length > longestSimilar || question.includes('**') || known.has(text)) return false
    known.add(text)
    return true
  })
  return { ...wording, similar: [...wording.similar, ...added].slice(0, Math.max(mostSimilar, wording.similar.length)) }
}
