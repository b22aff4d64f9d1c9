/** A clock that a test turns by hand. Timers fire in order, each at its own moment. */
import type { Clock } from '../../../telephony/rtp/clock.ts'

export function fakeClock() {
  let nowMs = 1_000
  let timers: { atMs: number; run: () => void }[] = []

  function fireNext(untilMs: number): boolean {
    const [next] = timers.filter(({ atMs }) => atMs <= untilMs).sort((one, other) => one.atMs - other.atMs)
    if (!next) return false
    timers = timers.filter((timer) => timer !== next)
    nowMs = Math.max(nowMs, next.atMs)
    next.run()
    return true
  }

  return {
    nowMs: () => nowMs,
    after(ms: number, run: () => void) {
      const timer = { atMs: nowMs + Math.max(1, ms), run }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    /** Time passes as it should. */
    pass(ms: number): void {
      const untilMs = nowMs + ms
      while (fireNext(untilMs));
      nowMs = untilMs
    },
    /** The process stands still: time is gone and no timer has run. */
    stall(ms: number): void {
      nowMs += ms
    },
    timers: () => timers.length,
  } satisfies Clock & Record<string, unknown>
}
