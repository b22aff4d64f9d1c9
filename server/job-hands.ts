/**
 * What one node has in hand: jobs that it took, run, and acknowledged. Every acknowledgement is awaited; one that fails,
 * because the database is away, leaves the job to be taken for abandoned.
 */
import type PgBoss from 'pg-boss'
import { z } from 'zod'
import { maskText } from '../desk/masking.ts'
import type { Job, Work } from './jobs.ts'
import { within } from './jobs.store.ts'
import type { Log } from './log.ts'

const affected = z.object({ affected: z.number() })

export function jobHands({ boss, log, now }: { boss: PgBoss; log: Log; now: () => Date }) {
  const inHand = new Map<string, { name: string; running: Promise<void> }>()
  const runs = () => [...inHand.values()].map(({ running }) => running)

  async function take(work: Work): Promise<number> {
    const busy = [...inHand.values()].filter(({ name }) => name === work.name).length
    if (busy >= work.atOnce) return 0
    const taken = await boss.fetch<object>(work.name, { batchSize: work.atOnce - busy, includeMetadata: true })
    for (const job of taken) {
      const running = run(work, job).finally(() => inHand.delete(job.id))
      inHand.set(job.id, { name: work.name, running })
    }
    return taken.length
  }

  async function run(work: Work, { id, data, retryCount, retryLimit }: PgBoss.JobWithMetadata): Promise<void> {
    const { name } = work
    const about = { job: name, id, attempt: retryCount + 1 }
    let isSettled = false
    const job: Job = {
      id,
      attempt: retryCount + 1,
      isLast: retryCount >= retryLimit,
      now: now(),
      async settle(tx) {
        const done: unknown = await boss.complete(name, id, {}, { db: within(tx) })
        if (affected.parse(done).affected === 0) throw new Error(`job ${id} of ${name} was done by somebody else`)
        isSettled = true
      },
    }
    try {
      await work.run(data, job)
      if (!isSettled) await boss.complete(name, id)
    } catch (error) {
      log.error({ err: error, ...about, gaveUp: job.isLast }, 'a job failed')
      await putBack(name, id, error)
    }
  }

  /** What cannot be put back, because the database is away, is taken for abandoned later. */
  async function putBack(name: string, id: string, why: unknown): Promise<void> {
    const message = maskText(why instanceof Error ? why.message : String(why))
    await boss
      .fail(name, id, { message })
      .catch((error: unknown) => log.error({ err: error }, 'a job was not put back'))
  }

  return {
    /** As many as there is room for, run from here on. @returns how many. */
    take,

    /** Until what is in hand now is done. @returns how many that were. */
    async rest(): Promise<number> {
      return (await Promise.all(runs())).length
    },

    /** Waits for what is in hand, and puts back what is not done by then. */
    async putDown(withinMs: number): Promise<void> {
      const late = new Promise((resolve) => setTimeout(resolve, withinMs).unref())
      await Promise.race([Promise.all(runs()), late])
      for (const [id, { name }] of inHand) await putBack(name, id, 'the server stopped')
    },
  }
}
