/** One piece of work that must not be forgotten, as whoever does it sees it, and how it is asked for. See jobs.ts. */
import type { Db } from './db/database.ts'
import type { Times } from './job-times.ts'

export type Job = {
  id: string
  /** From 1. */
  attempt: number
  /** After this one nobody tries again. */
  isLast: boolean
  /** The business clock when it began. */
  now: Date
  /**
   * Makes the job done when `tx` commits, with whatever else is written there: once, whoever else took the job meanwhile.
   * @throws when somebody else has done it; the transaction is to be given up.
   */
  settle(tx: Db): Promise<void>
}
export type Handle<T> = (data: T, job: Job) => Promise<void>
export type JobOptions = {
  /** Tries after the first one; the wait between them doubles from `retrySeconds`. */
  retries?: number
  retrySeconds?: number
  /** A job that is in hand for longer is taken for abandoned. */
  withinSeconds?: number
  /** So many at a time on one node. */
  atOnce?: number
}
export type Sending = {
  /** By the business clock. Absent or past: at the next look. */
  startAfter?: Date
  /** Of jobs of one name with this key only one waits at a time; sent again meanwhile, the first one stands. */
  singletonKey?: string
}

export type Work = Required<JobOptions> & {
  name: string
  times?: Times
  check: (data: object) => void
  run: (data: unknown, job: Job) => Promise<void>
}
