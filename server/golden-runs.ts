/**
 * Tries the golden questions on what is live: when somebody asks for it, and some time after a publication. One run at a
 * time; turns are answered in between.
 */
import { goldenFates, type GoldenMissed } from '../contract/golden.ts'
import { Problem } from '../contract/problem.ts'
import { businessDay } from '../desk/working-days.ts'
import type { Answerer } from '../knowledge/answerer.ts'
import { fateOf, goldenTried, noFates, toldBy } from '../knowledge/gate.ts'
import type { GoldenRow } from '../knowledge/golden.ts'
import { goldenRunsStore, type NewRun } from '../knowledge/golden-runs.store.ts'
import { inSlices, type Steps } from '../knowledge/search/steps.ts'
import type { Db } from './db/database.ts'
import type { Log } from './log.ts'

export type GoldenRuns = ReturnType<typeof goldenRuns>

type Parts = {
  db: Db
  answers: () => Answerer
  golden: () => Promise<readonly GoldenRow[]>
  log: Log
  now: () => Date
  /** Editors publish in bursts; a base is tried when it has come to rest. */
  restMs?: number
}
type Why = { cause: 'asked' | 'published'; staffId?: string }

export function goldenRuns({ db, answers, golden, log, now, restMs = 60_000 }: Parts) {
  let running: Promise<void> | undefined
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  async function run({ cause, staffId }: Why): Promise<void> {
    const beganAt = now()
    const tried = await inSlices(trySteps(answers(), await golden(), businessDay(beganAt)), () => !stopped)
    if (!tried) return
    await goldenRunsStore(db).add({ beganAt, endedAt: now(), cause, ...(staffId && { staffId }), ...tried })
  }

  function begin(why: Why): void {
    if (running) throw new Problem('conflict', 'a run is under way')
    running = run(why)
      .catch((error: unknown) => log.error({ err: error }, 'golden questions not tried'))
      .finally(() => (running = undefined))
  }

  return {
    /** Goes on after this returns. @throws Problem conflict while another run is under way. */
    begin,
    isRunning: () => running !== undefined,

    /** Something was published: a run follows when nothing more is for a while. */
    soon(staffId: string): void {
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (!running) begin({ cause: 'published', staffId })
        else this.soon(staffId)
      }, restMs).unref()
    },

    async stop(): Promise<void> {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

type Tried = Pick<NewRun, 'fates' | 'keptBack' | 'missed'>

function* trySteps(answers: Answerer, rows: readonly GoldenRow[], on: string): Steps<Tried> {
  const fates = noFates()
  const keptBack = noFates()
  const missed: GoldenMissed[] = []
  for (const row of rows) {
    yield
    const { question, expected, region, insurance, voice, keptBack: isKeptBack } = goldenTried(row)
    const answer = answers.answer({ question, region, insurance, voice, on })
    const fate = fateOf(expected, answer)
    fates[fate]++
    if (isKeptBack) keptBack[fate]++
    if (isKeptBack || fate === goldenFates[0]) continue
    missed.push({ id: row.id, question, expected, fate, told: toldBy(answer) })
  }
  return { fates, keptBack, missed }
}
