/**
 * One heartbeat for every call of the process: each member beats every 20 ms, by one timer.
 *
 * Four phases of 5 ms share the work out, and a member joins the emptiest. Due times come from one absolute schedule,
 * so that nothing drifts. A beat that is late is made up for, but never within 10 ms of the one before it: a peer hears
 * no burst. When too much is owed, whole rounds are skipped, and each member is told how many frames it lost.
 */
import type { Clock } from './clock.ts'
import { frameMs } from './g711.ts'
import { lateness } from './lateness.ts'

export type Pacer = ReturnType<typeof pacer>

/** @param skipped frames that were never sent because the process was too late for them; mostly 0. */
export type Beat = (skipped: number) => void

export type PacerStats = { members: number; beats: number; skippedRounds: number } & Record<
  'lateP50Ms' | 'lateP99Ms' | 'lateWorstMs',
  number
>

const phaseCount = 4
const phaseMs = frameMs / phaseCount
/** A timer is allowed to be this early, or every second wake-up would be for nothing. */
const earlyMs = 0.3
const closestBeatsMs = frameMs / 2
const mostOwedMs = 3 * frameMs

type Phase = { members: Set<Beat>; lastRunMs: number; skipped: number }

/** @param onBug told of what a beat threw. One call's fault does not stop the others. */
export function pacer(clock: Clock, onBug: (error: unknown) => void) {
  const phases: Phase[] = Array.from({ length: phaseCount }, () => ({
    members: new Set<Beat>(),
    lastRunMs: -Infinity,
    skipped: 0,
  }))
  const late = lateness()
  let baseMs = 0
  let tick = 0
  let members = 0
  let beats = 0
  let skippedRounds = 0
  let cancel: (() => void) | undefined

  const dueMs = () => baseMs + tick * phaseMs
  const phaseOf = (at: number) => phases[at % phaseCount]

  function wake(): void {
    const nowMs = clock.nowMs()
    const owedMs = nowMs - dueMs()
    if (owedMs >= -earlyMs) late.note(owedMs, nowMs)
    if (owedMs > mostOwedMs) skip(Math.floor(owedMs / frameMs))
    runDue(nowMs)
    arm()
  }

  function skip(rounds: number): void {
    tick += rounds * phaseCount
    skippedRounds += rounds
    for (const phase of phases) phase.skipped += rounds
  }

  function runDue(nowMs: number): void {
    while (members > 0 && dueMs() <= nowMs + earlyMs) {
      const phase = phaseOf(tick)
      if (!phase || nowMs + earlyMs < phase.lastRunMs + closestBeatsMs) return
      phase.lastRunMs = nowMs
      tick++
      run(phase)
    }
  }

  function run(phase: Phase): void {
    const { skipped } = phase
    phase.skipped = 0
    for (const beat of phase.members) {
      beats++
      try {
        beat(skipped)
      } catch (error) {
        onBug(error)
      }
    }
  }

  function arm(): void {
    cancel?.()
    cancel = undefined
    if (members === 0) return
    const nextMs = Math.max(dueMs(), (phaseOf(tick)?.lastRunMs ?? 0) + closestBeatsMs)
    cancel = clock.after(Math.max(0, Math.floor(nextMs - clock.nowMs())), wake)
  }

  return {
    /** @returns the way out, to be called once or often. The timer stands still while nobody is in. */
    join(beat: Beat): () => void {
      const emptiest = phases.reduce((least, phase) => (phase.members.size < least.members.size ? phase : least))
      const mine: Beat = (skipped) => beat(skipped) // the same function may join twice
      emptiest.members.add(mine)
      if (members++ === 0) {
        baseMs = clock.nowMs()
        tick = 0
        for (const phase of phases) phase.skipped = 0
        arm()
      }
      return () => {
        if (!emptiest.members.delete(mine)) return
        if (--members > 0) return
        cancel?.()
        cancel = undefined
      }
    },

    stats: (): PacerStats => ({
      members,
      beats,
      skippedRounds,
      lateP50Ms: late.quantile(0.5),
      lateP99Ms: late.quantile(0.99),
      lateWorstMs: late.worstMs(),
    }),
  }
}
