/**
 * Work that must not be forgotten: a job is put in with the business that causes it, in one transaction, and is done by
 * whichever node takes it, again after a failure, and by another after a crash. Kept by pg-boss in the same PostgreSQL.
 *
 * Invariant: when something is due, the business clock that is handed in says, never the database's (that one only spaces
 * the tries of what failed). A job may be begun twice when a process dies in it; `settle` makes its effect come once.
 */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { z } from 'zod'
import { parse } from '../contract/parse.ts'
import type { Db } from './db/database.ts'
import type { Handle, Job, JobOptions, Sending, Work } from './job.ts'
import { isOther, jobBoss, queueOf } from './job-boss.ts'
import { jobHands } from './job-hands.ts'
import { latestSlot, type Times } from './job-times.ts'
import { jobsStore, within } from './jobs.store.ts'
import type { Log } from './log.ts'

const movedAtOnce = 500

type Parts = { db: Db; pool: pg.Pool; log: Log; now: () => Date; maintainSeconds?: number }

export type Jobs = ReturnType<typeof jobs>
export type SendJob = Jobs['send']

const usual: Required<JobOptions> = { retries: 8, retrySeconds: 5, withinSeconds: 120, atOnce: 5 }

/** @param maintainSeconds how often abandoned jobs are looked for, by one node for all. */
export function jobs({ db, pool, log, now, maintainSeconds = 30 }: Parts) {
  const works = new Map<string, Work>()
  const seen = new Map<string, number>()
  let state: 'new' | 'started' | 'stopped' = 'new'
  let looking: Promise<number> | undefined

  const boss = jobBoss(pool, maintainSeconds)
  const hands = jobHands({ boss, log, now })
  boss.on('error', (error) => {
    if (state === 'started') log.error({ err: error }, 'jobs were not looked after')
  })

  function register(work: Work): void {
    if (state !== 'new' || works.has(work.name)) throw new Error(`${work.name}: named twice, or after the start`)
    works.set(work.name, work)
  }

  function workFor(name: string, data: readonly object[]): Work {
    const work = works.get(name)
    if (!work || state === 'new') throw new Error(`no work is called ${name}, or it has not started`)
    data.forEach(work.check)
    return work
  }

  async function start(): Promise<void> {
    await boss.start()
    const known = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]))
    for (const work of works.values()) {
      const wanted = queueOf({ ...work, isRepeated: work.times !== undefined })
      const queue = known.get(work.name)
      if (!queue) await boss.createQueue(work.name, wanted)
      else if (isOther(queue, wanted)) await boss.updateQueue(work.name, wanted)
      // Work by the clock begins with its next time; what was missed while nobody ran is made up for once.
      if (typeof work.times === 'string') await jobsStore(db).startRepeating(work.name, latestSlot(work.times, now()))
    }
    state = 'started'
  }

  async function giveSlot({ name, times }: Work): Promise<void> {
    if (times === undefined) return
    const slot = latestSlot(times, now())
    if (slot.getTime() <= (seen.get(name) ?? -Infinity)) return
    await db.transaction().execute(async (tx) => {
      if (await jobsStore(tx).claimSlot(name, slot)) await boss.send(name, {}, { singletonKey: 'slot', db: within(tx) })
    })
    seen.set(name, slot.getTime())
  }

  async function moveDue(names: readonly string[]): Promise<void> {
    if (!(await jobsStore(db).isAnyDue(now()))) return
    await db.transaction().execute(async (tx) => {
      const due = await jobsStore(tx).takeDue(names, now(), movedAtOnce)
      const all = due.map(({ name, key, data }) => ({ name, data, singletonKey: key }))
      if (all.length > 0) await boss.insert(all, { db: within(tx) })
    })
  }

  async function lookOnce(): Promise<number> {
    if (state !== 'started') return 0
    for (const work of works.values()) await giveSlot(work)
    const names = [...works.keys()]
    if (names.length === 0) return 0
    await moveDue(names)
    let taken = 0
    for (const name of await jobsStore(db).ready(names)) {
      const work = works.get(name)
      if (work) taken += await hands.take(work)
    }
    return taken
  }

  /** Takes what is due and goes on with it in the background. @returns how many jobs were taken. */
  const look = () => (looking ??= lookOnce().finally(() => (looking = undefined)))

  return {
    start,
    look,

    /** Registers who does jobs of this name; before the start. Data that does not parse is a failure like any other. */
    work<S extends z.ZodType<object>>(
      name: string,
      shape: S,
      handle: Handle<z.output<S>>,
      options: JobOptions = {},
    ): void {
      register({
        ...usual,
        ...options,
        name,
        check: (data) => void parse(shape, data),
        run: (data, job) => handle(parse(shape, data), job),
      })
    },

    /** Work that comes again: once a slot across all nodes, never two at a time. A slot that failed waits for the next. */
    every(name: string, times: Times, handle: (job: Job) => Promise<void>, options: JobOptions = {}): void {
      latestSlot(times, now())
      const byClock = typeof times === 'string'
      register({
        ...usual,
        ...(byClock ? {} : { retries: 0 }),
        ...options,
        atOnce: 1,
        name,
        times,
        check: () => undefined,
        run: (_, job) => handle(job),
      })
    },

    /** Within the caller's transaction: no job without its cause, no cause without its job. @returns whether it is new. */
    async send(tx: Db, name: string, data: object, { startAfter, singletonKey }: Sending = {}): Promise<boolean> {
      workFor(name, [data])
      const key = singletonKey ?? randomUUID()
      if (startAfter && startAfter > now())
        return (await jobsStore(tx).putOff([{ name, key, data, dueAt: startAfter }])) > 0
      return (await boss.send(name, data, { singletonKey: key, db: within(tx) })) !== null
    },

    /** Many of one name at once, each as `send` takes it. */
    async sendMany(tx: Db, name: string, all: readonly (Sending & { data: object })[]): Promise<void> {
      workFor(
        name,
        all.map(({ data }) => data),
      )
      const given = all.map(({ data, startAfter, singletonKey = randomUUID() }) => ({
        name,
        data,
        startAfter,
        singletonKey,
      }))
      const later = given.flatMap(({ singletonKey: key, data, startAfter }) =>
        startAfter && startAfter > now() ? [{ name, key, data, dueAt: startAfter }] : [],
      )
      const soon = given.filter(({ startAfter }) => !startAfter || startAfter <= now())
      if (later.length > 0) await jobsStore(tx).putOff(later)
      if (soon.length > 0)
        await boss.insert(
          soon.map(({ data, singletonKey }) => ({ name, data, singletonKey })),
          { db: within(tx) },
        )
    },

    /** Takes back what was sent with `startAfter` and this key, unless it is due already. */
    cancel: (tx: Db, name: string, singletonKey: string) => jobsStore(tx).cancel(name, singletonKey),

    /** Looks, and waits for what it finds, until nothing is due any more. */
    async tick(): Promise<void> {
      for (;;) {
        await looking
        const taken = await look()
        const awaited = await hands.rest()
        if (taken === 0 && awaited === 0) return
      }
    },

    /** Jobs that nobody tries any more. */
    dead: (limit = 100) => jobsStore(db).dead(limit),
    again: (tx: Db, name: string, id: string) => boss.retry(name, id, { db: within(tx) }),

    /** Takes nothing new, waits for what is in hand, and puts back what is not done by then. */
    async stop(withinMs = 5_000): Promise<void> {
      if (state === 'stopped') return
      const wasStarted = state === 'started'
      state = 'stopped'
      await looking?.catch(() => 0)
      await hands.putDown(withinMs)
      if (wasStarted) await boss.stop({ graceful: false })
    },
  }
}
