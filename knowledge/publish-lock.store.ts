/** The lock under which what is searched changes: one change after the other, on every node. */
import { sql } from 'kysely'
import type { Db } from './tables.ts'

/** Any number that no other use of advisory locks in this database takes. */
const publishLock = 7_201_014

/** @param tx a transaction; others wait until it ends. */
export async function lockPublishing(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(${publishLock})`.execute(tx)
}
