/**
 * One publication after the other, on every node: what is tried on the base must find the base as the one before left it.
 *
 * Invariant: however many wait, a process holds one connection for it, so that turns of conversations find theirs.
 */
import { lockPublishing } from '../knowledge/publish-lock.store.ts'
import type { Db } from './db/database.ts'

export type PublishTurns = ReturnType<typeof publishTurns>

/** One for a process: whatever changes what is searched waits in the same row. */
export function publishTurns(db: Db) {
  let last: Promise<unknown> = Promise.resolve()

  /** @throws what the work throws; the next in turn goes on. */
  return function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(() =>
      db.transaction().execute(async (tx) => {
        await lockPublishing(tx)
        return work()
      }),
    )
    last = mine.catch(() => {})
    return mine
  }
}
