/**
 * One move of a revision with its line in the audit trail, whoever asks for it: a page, a table, the clock.
 *
 * Invariant: nothing is published that makes a known question answered worse, unless a reviewer signs for it with a
 * reason that stays in the audit trail.
 */
import type { Revision } from '../contract/entry.ts'
import { Problem, type FaultyField } from '../contract/problem.ts'
import { auditStore } from '../desk/audit.store.ts'
import { businessDay } from '../desk/working-days.ts'
import { entriesStore, type PublishedRevision } from '../knowledge/entries.store.ts'
import { changesSearch, rowsTried, withPublished } from '../knowledge/gate.ts'
import { rehearsal, trial, type Trial, type Worsened } from '../knowledge/gate-trial.ts'
import type { GoldenRow } from '../knowledge/golden.ts'
import type { LiveIndex } from '../knowledge/live-index.ts'
import { review, type Act } from '../knowledge/review.ts'
import type { RevisionMove } from '../knowledge/revision-moves.ts'
import type { Db } from './db/database.ts'
import type { PublishTurns } from './publish-turns.ts'

export type Publishing = ReturnType<typeof publishing>

type Parts = {
  db: Db
  inTurn: PublishTurns
  knowledge: Pick<LiveIndex, 'current' | 'over' | 'published' | 'refresh'>
  golden: () => Promise<readonly GoldenRow[]>
  /** Told after each publication. */
  published: (staffId: string) => void
}
/** `override`: why it is published although some questions are answered worse. */
type MoveOptions = { override?: string }
type Refused = { id: string; problem: Problem }

export function publishing({ db, inTurn, knowledge, golden, published: told }: Parts) {
  /** What publishing these would do to the questions that are known. */
  async function tried(ids: readonly string[], now: Date): Promise<Trial> {
    const store = entriesStore(db)
    const found = await Promise.all(ids.map((id) => store.revision(id)))
    const fresh = found.flatMap((one): PublishedRevision[] => (one ? [{ ...one, example: false }] : []))
    const published = await knowledge.published()
    const today = businessDay(now)
    const touching = fresh.filter((one) => changesSearch(published, one, today))
    if (touching.length === 0) return { looked: 0, worse: [], better: [] }

    const changed = new Set(touching.map(({ entryId }) => entryId))
    const after = withPublished(published, fresh)
    const asked = [...published.filter(({ entryId }) => changed.has(entryId)), ...touching]
    return trial({
      rows: rowsTried(await golden(), after, changed),
      before: knowledge.current(),
      after: await knowledge.over(after),
      changed,
      surfaces: asked.flatMap(({ wording }) => [wording.question, ...wording.similar]),
      // A text that is not in force yet is tried on the day when it will be.
      on: touching.map(({ wording }) => wording.validFrom).reduce((last, day) => (day > last ? day : last), today),
    })
  }

  /** In its turn. @throws Problem publish_worsens, every question that is answered worse. */
  async function gate(ids: readonly string[], now: Date, { override }: MoveOptions): Promise<object> {
    if (ids.length === 0) return {}
    // What the one before has published is live before this one is tried, whichever node it was.
    await knowledge.refresh()
    return signedFor(await tried(ids, now), override)
  }

  async function moveAlone(id: string, move: RevisionMove, act: Act, detail: object = {}): Promise<Revision> {
    const revision = await db.transaction().execute(async (tx) => {
      const moved = await review(tx).move(id, move, act)
      const line = { staffId: act.staffId, act: `revision.${move}` as const, subject: id, detail: { ...detail } }
      await auditStore(tx).record(line, act.now)
      return moved
    })
    if (move === 'publish') told(act.staffId)
    return revision
  }

  async function moveEach(ids: readonly string[], move: RevisionMove, act: Act): Promise<Refused[]> {
    const refused: Refused[] = []
    for (const id of ids)
      try {
        await moveAlone(id, move, act)
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        refused.push({ id, problem: error })
      }
    return refused
  }

  /** Those that may be published at all; the others are refused by the rules of review. */
  async function ready(ids: readonly string[]): Promise<string[]> {
    const all = await Promise.all(ids.map((id) => entriesStore(db).revision(id)))
    return all.flatMap((one) => (one?.state === 'approved' ? [one.id] : []))
  }

  return {
    tried,

    /**
     * Tries texts that are live against themselves, in spare time: what every publication looks at has been looked at once then,
     * or as much of it as was wanted, and the first publication does the rest. @throws Problem not_ready.
     */
    async rehearse(isWanted: () => boolean, now: Date): Promise<void> {
      const rows = await golden()
      const published = await knowledge.published()
      const some = Array.from({ length: rehearsed }, (_, at) => Math.floor((at * published.length) / rehearsed))
      const asked = some.flatMap((at) => published[at] ?? [])
      const changed = new Set(asked.map(({ entryId }) => entryId))
      const live = knowledge.current()
      const surfaces = asked.flatMap(({ wording }) => [wording.question, ...wording.similar])
      const known = rowsTried(rows, published, new Set())
      await rehearsal({ rows: known, before: live, after: live, changed, surfaces, on: businessDay(now) }, isWanted)
    },

    /** @throws Problem as review.move does, publish_worsens. */
    async move(id: string, move: RevisionMove, act: Act, options: MoveOptions = {}): Promise<Revision> {
      if (move !== 'publish') return moveAlone(id, move, act)
      return inTurn(async () => moveAlone(id, move, act, await gate(await ready([id]), act.now, options)))
    },

    /** Many at once, tried together, moved each on its own. @returns those refused. @throws Problem publish_worsens. */
    moveMany(ids: readonly string[], move: RevisionMove, act: Act): Promise<Refused[]> {
      if (move !== 'publish') return moveEach(ids, move, act)
      return inTurn(async () => {
        await gate(await ready(ids), act.now, {})
        return moveEach(ids, move, act)
      })
    },
  }
}

const mostTold = 50
/** So few that a rehearsal takes no longer than a publication or two. */
const rehearsed = 3

/** @returns what the audit trail keeps of it. @throws Problem publish_worsens where nobody has signed for what gets worse. */
export function signedFor({ looked, worse }: Trial, override: string | undefined): object {
  if (worse.length === 0) return {}
  if (override !== undefined) return { override, worse: worse.length, looked }
  const fields = worsenedFields(worse, mostTold)
  throw new Problem('publish_worsens', `${worse.length} of ${looked} rows get worse`, { fields })
}

/** Every question by name, but those that are only measured: of them the number, at the end. */
export function worsenedFields(worse: readonly Worsened[], most = Infinity): FaultyField[] {
  const told = worse.filter(({ row }) => !row.keptBack)
  const keptBack = worse.length - told.length
  const counted = keptBack > 0 ? [{ path: 'keptBack', message: `另有 ${keptBack} 条留存题变差` }] : []
  return [...told.slice(0, most).map(worsenedField), ...counted]
}

function worsenedField({ row, was, becomes }: Worsened, at: number): FaultyField {
  const kind = row.golden ? '标准题' : '已有问法'
  return { path: `rows.${at}`, message: `${kind}“${row.question}”：${words(was)}，发布后${words(becomes)}` }
}

function words({ outcome, entry }: Worsened['was']): string {
  if (outcome === 'answer') return `答“${entry?.question ?? ''}”`
  return outcome === 'ask-back' ? '请市民选' : '答不上'
}
