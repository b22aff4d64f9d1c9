/** CPU time as Linux counts it, of a process together with its children, those that have ended and those that live. */
import { readdirSync, readFileSync } from 'node:fs'

/** Of whatever processor, that is what a tick stands for in /proc: USER_HZ is 100. */
const tickMs = 10

type Stat = { parent: number; ticks: number }

/** @returns milliseconds since it began; 0 for one that is gone, and where there is no /proc. */
export function cpuMs(pid: number): number {
  const own = statOf(pid)
  if (!own) return 0
  const children = pids()
    .flatMap((child) => statOf(child) ?? [])
    .filter(({ parent }) => parent === pid)
  return [own, ...children].reduce((sum, { ticks }) => sum + ticks, 0) * tickMs
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function statOf(pid: number): Stat | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  // The second field is a name in brackets, with anything in it. Then: state, parent, … utime, stime, cutime, cstime.
  const [, parent, ...others] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  return { parent: parent ?? 0, ticks: others.slice(9, 13).reduce((sum, ticks) => sum + ticks, 0) }
}
