/** When something that a citizen did, and that could not be worked on, is tried again: later and later, for hours. Pure. */
const [firstWaitMs, longestWaitMs, mostTries] = [10_000, 3_600_000, 10]
const longestCause = 200

/** `againAt` absent: it is given up. */
export type Failed = { againAt?: Date; cause: string }

/** @param tries with the one that has just failed */
export function failedTry(tries: number, error: unknown, now: Date): Failed {
  const cause = (error instanceof Error ? error.message : String(error)).slice(0, longestCause)
  if (tries >= mostTries) return { cause }
  const waitMs = Math.min(longestWaitMs, firstWaitMs * 3 ** (tries - 1))
  return { cause, againAt: new Date(now.getTime() + waitMs) }
}
