/**
 * What one node has in hand: jobs that it took, run, and acknowledged. Every acknowledgement is awaited; one that fails,
 * because the database is away, leaves the job to be taken for abandoned.
 */
import type PgBoss from 'pg-boss'
import { z } from 'zod'
import { maskText } from '../desk/masking.ts'
import type { Job, Work } from './job.ts'
import { within } from './jobs.store.ts'
import type { Log } from './log.ts'

const affected = z.object({ affected: z.number() })

export function jobHands({ boss, log, now }: { boss: PgBoss; log: Log; now: () => Date }) {
  const inHand = new Map<string, { name: string; running: Promise<void> }>()
  const taking = new Map<string, Promise<number>>()
  let isStopping = false
  const runs = () => [...inHand.values()].map(({ running }) => running)

  /** One taking at a time of each kind, so that never more are in hand than may be. */
  function take(work: Work): Promise<number> {
    const underWay = taking.get(work.name)
    if (underWay) return underWay
    const mine = fetch(work).finally(() => taking.delete(work.name))
    taking.set(work.name, mine)
    return mine
  }

  async function fetch(work: Work): Promise<number> {
    const { name, atOnce } = work
    const room = atOnce - [...inHand.values()].filter((one) => one.name === name).length
    if (room <= 0 || isStopping) return 0
    const taken = await boss.fetch<object>(name, { batchSize: room, includeMetadata: true })
    for (const job of taken) {
      const running = run(work, job).finally(() => {
        inHand.delete(job.id)
        // Where there were as many as there was room for, there are more: the next look is not waited for.
        if (taken.length === room) goOn(work)
      })
      inHand.set(job.id, { name, running })
    }
    return taken.length
  }

  function goOn(work: Work): void {
    take(work).catch((error: unknown) => log.error({ err: error, job: work.name }, 'no more jobs were taken'))
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
    /** As many as there is room for, and on while there are more. @returns how many the first time. */
    take,

    /** Until what is in hand now is done. @returns how many that were. */
    async rest(): Promise<number> {
      const begun = await Promise.all(taking.values())
      return begun.length + (await Promise.all(runs())).length
    },

    /** Waits for what is in hand, and puts back what is not done by then. */
    async putDown(withinMs: number): Promise<void> {
      isStopping = true
      await Promise.allSettled(taking.values())
      const late = new Promise((resolve) => setTimeout(resolve, withinMs).unref())
      await Promise.race([Promise.all(runs()), late])
      for (const [id, { name }] of inHand) await putBack(name, id, 'the server stopped')
    },
  }
}
