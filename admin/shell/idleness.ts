/**
 * When a console is left alone. Only what a person does counts (keys, pointer, wheel); what the pages ask by themselves
 * does not. The server keeps the time: it is told of somebody at most once a minute, and says how long is left.
 */
export const tellEveryMs = 60_000
/** So long before the end whoever is there is warned. */
export const warnMs = 120_000

/** All in ms since 1970. */
export type Idleness = {
  /** When the session ends, as the server said last. */
  endsAt: number
  /** When the server was last told that somebody is here. */
  toldAt: number
  /** Whether somebody did something that the server has not been told of. */
  isUntold: boolean
}
export type Step = 'rest' | 'tell' | 'ask' | 'over'

/**
 * What the console does next: `tell` the server that somebody is here, `ask` it how long is left (another window, or a
 * call, may have moved the end), nothing, or see that it is `over`.
 */
export function nextStep({ endsAt, toldAt, isUntold }: Idleness, now: number): Step {
  const leftMs = endsAt - now
  if (isUntold && (now - toldAt >= tellEveryMs || leftMs <= warnMs)) return 'tell'
  if (leftMs <= 0) return 'over'
  return leftMs <= warnMs ? 'ask' : 'rest'
}

/** "1:05" */
export function countdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
