/**
 * The clock that media runs by: milliseconds that only go forward, whatever is done to the time of day.
 *
 * Everything under rtp/ and vad/ is handed this or a plain `nowMs`; nothing there reads a clock of its own, so that
 * a test can stand in for time.
 */
export type Clock = {
  /** Milliseconds from an arbitrary start, with fractions. */
  nowMs(): number
  /** Runs once, no sooner than `ms` from now as timers go; the answer takes it back. */
  after(ms: number, run: () => void): () => void
}

export const monotonicClock: Clock = {
  nowMs: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
