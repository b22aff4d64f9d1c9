/**
 * How calls ended, on its way into the record: told at once, and again while the server does not take it.
 *
 * Invariant: an end is told until it is taken, and being told twice changes nothing; at most so many wait, the newest.
 */
import type { PhoneAsked } from '../contract/phone-events.ts'
import type { HotlineLink } from './hotline-link.ts'
import type { Log } from './log.ts'
import type { Clock } from './rtp/clock.ts'

type Parts = { link: Pick<HotlineLink, 'ask'>; clock: Pick<Clock, 'after'>; log: Log; most?: number }
type Ending = PhoneAsked['call:end']
export type CallEndings = ReturnType<typeof callEndings>

const againMs = 10_000

export function callEndings({ link, clock, log, most = 1_000 }: Parts) {
  /** Oldest first. */
  const untaken = new Map<string, Ending>()
  let cancel: (() => void) | undefined
  let isClosed = false

  async function told(ending: Ending): Promise<boolean> {
    try {
      await link.ask('call:end', ending)
      return true
    } catch (error) {
      log.warn({ err: error, callRowId: ending.callRowId }, 'the end of a call is still to be recorded')
      return false
    }
  }

  async function tellAll(): Promise<void> {
    for (const ending of untaken.values()) {
      if (!(await told(ending))) return later()
      untaken.delete(ending.callRowId)
    }
  }

  function later(): void {
    if (isClosed) return
    cancel ??= clock.after(againMs, () => {
      cancel = undefined
      void tellAll()
    })
  }

  return {
    /** Resolves when it was taken, or has to be told again. */
    async tell(ending: Ending): Promise<void> {
      if (await told(ending)) return
      untaken.set(ending.callRowId, ending)
      for (const [oldest] of untaken) {
        if (untaken.size <= most) break
        untaken.delete(oldest)
        log.error({ callRowId: oldest }, 'the end of a call will not be in the record')
      }
      later()
    },

    waiting: () => untaken.size,

    /** Once more, and no more then. */
    async close(): Promise<void> {
      isClosed = true
      cancel?.()
      await tellAll()
    },
  }
}
