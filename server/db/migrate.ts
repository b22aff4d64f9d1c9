/**
 * Forward-only migrations: numbered .sql files, each once, each in a transaction of its own, under an advisory
 * lock so that several nodes may start at the same moment.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'

/** Any number that no other use of advisory locks in this database takes. */
const migrationLock = 7_201_001

/** @throws when a file that already ran has been edited since: a migration is history. */
export async function migrate(pool: pg.Pool, folder: string): Promise<string[]> {
  const client = await pool.connect()
  const ran: string[] = []
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await client.query(
      'create table if not exists migration (name text primary key, hash text not null, ran_at timestamptz not null default now())',
    )
    const known = new Map<string, string>()
    const { rows } = await client.query<{ name: string; hash: string }>('select name, hash from migration')
    for (const row of rows) known.set(row.name, row.hash)

    for (const name of (await readdir(folder)).filter((f) => /^\d{4}_.+\.sql$/.test(f)).sort()) {
      const sql = await readFile(join(folder, name), 'utf8')
      const hash = createHash('sha256').update(sql).digest('hex')
      const before = known.get(name)
      if (before === hash) continue
      if (before) throw new Error(`migration ${name} was changed after it ran; write a new one instead`)
      await client.query('begin')
      try {
        await client.query(sql)
        await client.query('insert into migration (name, hash) values ($1, $2)', [name, hash])
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw new Error(`migration ${name} failed`, { cause: error })
      }
      ran.push(name)
    }
    return ran
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrationLock]).catch(() => {})
    client.release()
  }
}
