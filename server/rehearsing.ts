/** Some time after a start the gate is rehearsed, so that the first publication of a process takes no longer than the next. */
import type { Log } from './log.ts'
import type { Publishing } from './publishing.ts'

type Parts = {
  publishing: Pick<Publishing, 'rehearse'>
  log: Log
  now: () => Date
  /** Citizens who waited for the start come first. */
  afterMs?: number
}

export function rehearsing({ publishing, log, now, afterMs = 15_000 }: Parts) {
  let stopped = false
  let running: Promise<void> | undefined

  async function rehearse(): Promise<void> {
    const began = performance.now()
    try {
      await publishing.rehearse(() => !stopped, now())
      if (!stopped) log.info({ ms: Math.round(performance.now() - began) }, 'gate rehearsed')
    } catch (error) {
      log.error({ err: error }, 'gate not rehearsed, the first publication takes longer')
    }
  }

  const timer = setTimeout(() => {
    running = rehearse()
  }, afterMs).unref()
  return {
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
