/**
 * How long anything else would have had to wait at worst. On a machine that others use, most of a long wait may be theirs: what
 * this thread worked meanwhile is told beside it, where the system counts it (Linux, to the microsecond).
 */
import { closeSync, openSync, readSync } from 'node:fs'

/** `workedMs`: of the wait in which this thread worked most; absent where nobody counts. */
export type Waited = { ms: number; workedMs?: number }

/** From now on; ends when it is asked. */
export function longestWait(): () => Waited {
  const clock = threadClock()
  let ms = 0
  let workedMs = 0
  let last = performance.now()
  let lastWorked = clock?.worked() ?? 0
  const look = () => {
    const now = performance.now()
    const worked = clock?.worked() ?? 0
    ms = Math.max(ms, now - last)
    workedMs = Math.max(workedMs, worked - lastWorked)
    last = now
    lastWorked = worked
  }
  const timer = setInterval(look, 1)
  return () => {
    clearInterval(timer)
    look()
    clock?.stop()
    return { ms: Math.round(ms), ...(clock && { workedMs: Math.round(workedMs) }) }
  }
}

/** What the main thread has worked in milliseconds: the first number of its schedstat, in nanoseconds. */
function threadClock() {
  let file: number
  try {
    file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r')
  } catch {
    return undefined
  }
  const read = Buffer.alloc(100)
  return {
    worked: () => Number(read.toString('latin1', 0, readSync(file, read, 0, read.length, 0)).split(' ')[0]) / 1e6,
    stop: () => closeSync(file),
  }
}
