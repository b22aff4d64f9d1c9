/** pg-boss as we use it: its tables stand in the schema `jobs`, its SQL runs on our pool, or by jobs.store.ts in a transaction of ours. */
import type pg from 'pg'
import PgBoss from 'pg-boss'

const completedKeptSeconds = 3_600
const failedKeptSeconds = 30 * 24 * 3_600

/** Its own clockwork and its own workers stay off: they go by the database's clock, and lose a failed acknowledgement. */
export function jobBoss(pool: pg.Pool, maintainSeconds: number): PgBoss {
  return new PgBoss({
    db: { executeSql: (text, values) => pool.query(text, values) },
    schema: 'jobs',
    schedule: false,
    maintenanceIntervalSeconds: maintainSeconds,
    archiveCompletedAfterSeconds: completedKeptSeconds,
    archiveFailedAfterSeconds: failedKeptSeconds,
    deleteAfterHours: 24,
  })
}

export type Queue = Required<
  Pick<PgBoss.Queue, 'name' | 'policy' | 'retryLimit' | 'retryDelay' | 'retryBackoff' | 'expireInSeconds'>
>

type Wanted = { name: string; isRepeated: boolean; retries: number; retrySeconds: number; withinSeconds: number }

/** `short`: one waits of a key. `stately`: one waits, one is in hand. */
export function queueOf({ name, isRepeated, retries, retrySeconds, withinSeconds }: Wanted): Queue {
  return {
    name,
    policy: isRepeated ? 'stately' : 'short',
    retryLimit: retries,
    retryDelay: retrySeconds,
    retryBackoff: true,
    expireInSeconds: withinSeconds,
  }
}

export function isOther(known: PgBoss.Queue, wanted: Queue): boolean {
  return (
    known.policy !== wanted.policy ||
    known.retryLimit !== wanted.retryLimit ||
    known.retryDelay !== wanted.retryDelay ||
    known.retryBackoff !== wanted.retryBackoff ||
    known.expireInSeconds !== wanted.expireInSeconds
  )
}
