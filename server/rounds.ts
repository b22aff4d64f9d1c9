/** Work that is done again and again: one round at a time each, a failed round is logged and the next one comes. */
import type { Log } from './log.ts'

export type Round = { everyMs: number; work: () => Promise<unknown> }

export function rounds(log: Log, all: readonly Round[]) {
  const timers: NodeJS.Timeout[] = []
  return {
    start(): void {
      for (const { everyMs, work } of all) {
        let busy = false
        const go = async () => {
          if (busy) return
          busy = true
          try {
            await work()
          } catch (error) {
            log.error({ err: error }, 'a round failed')
          } finally {
            busy = false
          }
        }
        timers.push(setInterval(() => void go(), everyMs).unref())
      }
    },
    stop: () => timers.forEach(clearInterval),
  }
}
