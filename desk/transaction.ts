/** One transaction whoever calls: a pool opens its own, a transaction handed in is joined. */
import type { Db } from './tables.ts'

export function inTransaction<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}
