/** How long somebody has waited, in the words of the queue. Counted by the desk's own clock, so never negative. */
import { shallowRef } from 'vue'
import { latenessOf, type Lateness, type LateLimits } from '../../contract/wait.ts'

export function waitedSeconds(since: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(since)) / 1_000))
}

export function waitWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours > 0) return `${hours} 小时 ${minutes % 60} 分`
  if (minutes > 0) return `${minutes} 分 ${String(seconds % 60).padStart(2, '0')} 秒`
  return `${seconds} 秒`
}

/** From when on it is late, as the server has it. */
const limits = shallowRef<LateLimits>({ amberSeconds: 120, redSeconds: 180 })
export const learnLimits = (late: LateLimits) => (limits.value = late)

/** The class of a waiting time, and the shape that says the same without the colour. */
export function lateMark(seconds: number): { class: Lateness | ''; shape: string } {
  const level = latenessOf(seconds, limits.value)
  return { class: level ?? '', shape: level === 'red' ? '▲' : level === 'amber' ? '◆' : '' }
}
