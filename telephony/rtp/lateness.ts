/**
 * How late the pacer's ticks come, over the last one to two windows of time.
 *
 * Bounded whatever happens: a histogram of tenths of a millisecond up to 100 ms, the rest in the last box. The phone
 * takes no further call while the 99th of 100 ticks is too late.
 */
const boxesPerMs = 10
const boxes = 100 * boxesPerMs

export function lateness(windowMs = 5_000) {
  let before = new Uint32Array(boxes + 1)
  let current = new Uint32Array(boxes + 1)
  let turnsAt = -Infinity
  let worst = 0

  return {
    note(lateMs: number, nowMs: number): void {
      if (nowMs >= turnsAt) {
        const [older, cleared] = [current, before.fill(0)]
        before = older
        current = cleared
        turnsAt = nowMs + windowMs
      }
      const box = Math.min(boxes, Math.max(0, Math.floor(lateMs * boxesPerMs)))
      current[box] = (current[box] ?? 0) + 1
      worst = Math.max(worst, lateMs)
    },

    /** @param share 0-1: 0.99 asks for the 99th of 100. @returns milliseconds, rounded up to a tenth; 0 before any tick. */
    quantile(share: number): number {
      const wanted = share * (total(before) + total(current))
      let seen = 0
      for (let box = 0; box <= boxes; box++) {
        seen += (before[box] ?? 0) + (current[box] ?? 0)
        if (seen > 0 && seen >= wanted) return (box + 1) / boxesPerMs
      }
      return 0
    },

    /** The worst since the start. */
    worstMs: () => worst,
  }
}

const total = (histogram: Uint32Array) => histogram.reduce((sum, count) => sum + count, 0)
