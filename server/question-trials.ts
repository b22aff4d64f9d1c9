/**
 * Questions tried on what is live and on the same with drafts in it. Nothing is kept: what is tried here was asked by
 * nobody, so it is neither a served answer nor a gap.
 */
import { goldenFates, type GoldenFate } from '../contract/golden.ts'
import { Problem } from '../contract/problem.ts'
import type { Trial, TrialBatchRow, TrialView } from '../contract/trial.ts'
import { businessDay } from '../desk/working-days.ts'
import { answerer, type Answerer } from '../knowledge/answerer.ts'
import { entriesStore, type KeptRevision, type PublishedRevision } from '../knowledge/entries.store.ts'
import { fateOf, noFates, toldBy, withPublished } from '../knowledge/gate.ts'
import type { LiveIndex } from '../knowledge/live-index.ts'
import { inSlices, type Steps } from '../knowledge/search/steps.ts'
import type { BatchQuestion } from '../knowledge/trial-table.ts'
import { triedQuestion, type Base } from '../knowledge/tried-question.ts'
import type { Db } from './db/database.ts'

export type QuestionTrials = ReturnType<typeof questionTrials>

type Parts = { db: Db; knowledge: Pick<LiveIndex, 'base' | 'baseOver' | 'published'>; now: () => Date }
type Drafted = { key: string; index: Base['index']; drafts: number }

const unpublished: readonly KeptRevision['state'][] = ['draft', 'submitted', 'approved']

export function questionTrials({ db, knowledge, now }: Parts) {
  let built: Drafted | undefined

  /** @param revision alone is put in; without it the newest draft of every entry. @throws Problem not_found. */
  async function drafted(revision?: string): Promise<Drafted> {
    const store = entriesStore(db)
    const version = await store.version()
    const fresh = revision ? [await store.revision(revision)] : newest(await store.allRevisions())
    const texts = fresh.flatMap((one): PublishedRevision[] => (one ? [{ ...one, example: false }] : []))
    if (revision && texts.length === 0) throw new Problem('not_found', `no revision ${revision}`)
    const key = [version, ...texts.map(({ id }) => id)].join()
    if (texts.length === 0) return { key, index: knowledge.base().index, drafts: 0 }
    if (built?.key === key) return built
    const { index } = await knowledge.baseOver(withPublished(await knowledge.published(), texts))
    built = { key, index, drafts: texts.length }
    return built
  }

  return {
    /** @throws Problem not_found. */
    async one({ revision, on, ...asked }: Trial): Promise<TrialView> {
      const question = { ...asked, on: on ?? businessDay(now()) }
      const { index, drafts } = await drafted(revision)
      const live = knowledge.base()
      return { live: triedQuestion(live, question), draft: triedQuestion({ ...live, index }, question), drafts }
    },

    /** Turns are answered in between. */
    async many(
      questions: readonly BatchQuestion[],
      how: { voice: boolean; drafts: boolean },
    ): Promise<TrialBatchRow[]> {
      const { index, thresholds } = knowledge.base()
      const answers = answerer(how.drafts ? (await drafted()).index : index, thresholds)
      const on = businessDay(now())
      return inSlices(triedSteps(answers, questions, { on, voice: how.voice }))
    },
  }
}

function* triedSteps(
  answers: Answerer,
  questions: readonly BatchQuestion[],
  how: { on: string; voice: boolean },
): Steps<TrialBatchRow[]> {
  const rows: TrialBatchRow[] = []
  for (const asked of questions) {
    rows.push(tried(answers, asked, how))
    yield
  }
  return rows
}

function tried(answers: Answerer, asked: BatchQuestion, { on, voice }: { on: string; voice: boolean }): TrialBatchRow {
  const { row, question, region, wanted, expected } = asked
  const answer = answers.answer({ question, on, voice, ...(region && { region }) })
  const fates = expected.length === 0 ? [fateOf(null, answer)] : expected.map((id) => fateOf(id, answer))
  const fate = goldenFates.find((one) => fates.includes(one)) ?? 'wrong'
  return { row, question, ...(region && { region }), expected: wanted, fate, told: toldBy(answer), score: answer.score }
}

export function fatesOf(rows: readonly { fate: GoldenFate }[]): Record<GoldenFate, number> {
  const counts = noFates()
  for (const { fate } of rows) counts[fate]++
  return counts
}

/** Of every entry the last text, where that is not published yet. */
function newest(revisions: readonly KeptRevision[]): KeptRevision[] {
  const last = new Map(revisions.map((one) => [one.entryId, one]))
  return [...last.values()].filter(({ state }) => unpublished.includes(state))
}
