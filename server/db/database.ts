/**
 * The pool. Days come back as 'YYYY-MM-DD' and counts as numbers: the driver's defaults (a Date at local
 * midnight, a string) are how off-by-one days and "1" + 1 get in.
 */
import { Kysely } from 'kysely'
import pg from 'pg'
import { preparingDialect } from './driver.ts'

export type Db = Kysely<Record<never, never>>

const dateOid = 1082
const int8Oid = 20

// The driver types its parsers as any; from here on a value is unknown until a store's table type names it.
const textParser = pg.types.getTypeParser as (oid: number, format?: string) => (value: string) => unknown

const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
    if (oid === dateOid) return (day: string) => day
    if (oid === int8Oid) return Number
    return textParser(oid, format)
  },
}

/** @param url a PostgreSQL URL; for a unix socket, "postgres://user@/database?host=/folder". */
export function openDatabase(url: string, maxConnections = 12): { db: Db; pool: pg.Pool; close: () => Promise<void> } {
  const pool = new pg.Pool({ connectionString: url, max: maxConnections, types, application_name: 'budayang' })
  // An idle connection that breaks is replaced by the next query; unheard, the event would end the process.
  pool.on('error', () => {})
  const db: Db = new Kysely({ dialect: preparingDialect(pool) })
  return {
    db,
    pool,
    async close() {
      await db.destroy()
      if (!pool.ended) await pool.end() // kysely ends a pool only if it was the one to use it first
    },
  }
}

/** Not there for a moment: starting, stopping, or not reached. By node's codes, and SQLSTATE classes 08 and 57P0. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.message.startsWith('Connection terminated')) return true
  return 'code' in error && /^(ECONNREFUSED|ECONNRESET|ENOENT|08...|57P0[1-3])$/.test(String(error.code))
}
