/**
 * Tries the golden questions on what is live: when somebody asks for it, and some time after a publication. One run at a
 * time; turns are answered in between.
 */
import { setImmediate } from 'node:timers/promises'
import { goldenFates, type GoldenFate, type GoldenMissed } from '../contract/golden.ts'
import { Problem } from '../contract/problem.ts'
import { businessDay } from '../desk/working-days.ts'
import type { Answerer } from '../knowledge/answerer.ts'
import { fateOf, goldenTried } from '../knowledge/gate.ts'
import type { GoldenRow } from '../knowledge/golden.ts'
import { goldenRunsStore } from '../knowledge/golden-runs.store.ts'
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
const sliceMs = 20

export function goldenRuns({ db, answers, golden, log, now, restMs = 60_000 }: Parts) {
  let running: Promise<void> | undefined
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  async function run({ cause, staffId }: Why): Promise<void> {
    const beganAt = now()
    const tried = await tryAll(answers(), await golden(), businessDay(beganAt), () => stopped)
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

async function tryAll(answers: Answerer, rows: readonly GoldenRow[], on: string, isStopped: () => boolean) {
  const fates = noneYet()
  const keptBack = noneYet()
  const missed: GoldenMissed[] = []
  let began = performance.now()
  for (const row of rows) {
    if (performance.now() - began > sliceMs) {
      await setImmediate()
      if (isStopped()) return undefined
      began = performance.now()
    }
    const { question, expected, region, insurance, voice, keptBack: isKeptBack } = goldenTried(row)
    const answer = answers.answer({ question, region, insurance, voice, on })
    const fate = fateOf(expected, answer)
    fates[fate]++
    if (isKeptBack) keptBack[fate]++
    if (isKeptBack || fate === goldenFates[0]) continue
    const told =
      answer.outcome === 'answer'
        ? (answer.entry?.question ?? '')
        : (answer.choices ?? []).map((one) => one.question).join(' / ')
    missed.push({ id: row.id, question, expected, fate, told })
  }
  return { fates, keptBack, missed }
}

const noneYet = (): Record<GoldenFate, number> => ({ right: 0, offered: 0, withheld: 0, wrong: 0 })
