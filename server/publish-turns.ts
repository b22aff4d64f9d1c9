/**
 * One publication after the other, on every node: what is tried on the base must find the base as the one before left it.
 *
 * Invariant: however many wait, a process holds one connection for it, so that turns of conversations find theirs.
 */
import { sql } from 'kysely'
import type { Db } from './db/database.ts'

/** Any number that no other use of advisory locks in this database takes. */
const publishLock = 7_201_014

export function publishTurns(db: Db) {
  let last: Promise<unknown> = Promise.resolve()

  /** @throws what the work throws; the next in turn goes on. */
  return function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(() =>
      db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(${publishLock})`.execute(tx)
        return work()
      }),
    )
    last = mine.catch(() => {})
    return mine
  }
}
