/**
 * Time, as the whole SIP part takes it: the present moment and one-shot timers, handed in. Nothing in this folder
 * reads a clock or arms a timer in any other way, so a test can hold the minutes in its hand.
 */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs once after `milliseconds`; the answer takes it back. */
  after(milliseconds: number, run: () => void): () => void
}

/** Node takes anything longer for 1 ms. */
const longest = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, Math.min(milliseconds, longest))
    return () => clearTimeout(timer)
  },
}

/** The three base times of RFC 3261 §17, in milliseconds. Everything else is a multiple of these. */
export type Timings = { t1: number; t2: number; t4: number }

export const rfcTimings: Timings = { t1: 500, t2: 4_000, t4: 5_000 }
