/**
 * Calls that found no room, on their way into the record: told at once while the server can be reached, else when it
 * is back. A hotline that refused callers all night must not look like one that nobody called.
 *
 * Invariant: a refused call is told once, whatever copies of it the network brings; at most so many wait, the newest.
 */
import type { HotlineLink } from './hotline-link.ts'
import type { Log } from './log.ts'

type Parts = { link: Pick<HotlineLink, 'ask' | 'isUp'>; now: () => Date; log: Log; most?: number }
type Refusal = { callId: string; line: string; at: string }
export type Refusals = ReturnType<typeof refusals>

export function refusals({ link, now, log, most = 1_000 }: Parts) {
  /** By Call-ID, oldest first; what was told stays a while, so that its copies are known. */
  const known = new Map<string, Refusal & { isTold: boolean }>()
  let count = 0
  let forgotten = 0
  let telling: Promise<void> | undefined

  async function tellAll(): Promise<void> {
    for (const refusal of known.values()) {
      if (refusal.isTold) continue
      const { callId, line, at } = refusal
      try {
        await link.ask('call:refuse', { callId, line, at })
        refusal.isTold = true
      } catch (error) {
        log.warn({ err: error }, 'a refusal is still to be recorded')
        return
      }
    }
  }

  function tell(): Promise<void> {
    if (!link.isUp()) return Promise.resolve()
    telling ??= tellAll().finally(() => (telling = undefined))
    return telling
  }

  return {
    refuse({ id, called }: { id: string; called: string }): void {
      const callId = id.slice(0, 200)
      if (known.has(callId)) return
      count++
      log.warn({ refused: count }, 'no room: a call is refused')
      known.set(callId, { callId, line: called.slice(0, 120), at: now().toISOString(), isTold: false })
      for (const [oldest, { isTold }] of known) {
        if (known.size <= most) break
        known.delete(oldest)
        if (!isTold) log.warn({ forgotten: ++forgotten }, 'a refused call will not be in the record')
      }
      void tell()
    },

    /** The link is up: whatever waited is told. Resolves when that is done, or had to be given up for now. */
    tell,

    /** Since the start. */
    count: () => count,
    waiting: () => [...known.values()].filter(({ isTold }) => !isTold).length,
  }
}
