import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../server/db/database.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
beforeAll(async () => void (database = await aDatabase()))
afterAll(() => database.drop())

async function times(count: number, run: () => Promise<unknown>): Promise<void> {
  for (let n = 0; n < count; n++) await run()
}

it('prepares what comes again and again, and nothing that comes once', async () => {
  const { db, pool, close } = openDatabase(database.url, 1)
  await times(20, () => sql`select ${1}::int + 1 as often`.execute(db))
  await sql`select ${1}::int + 1 as once`.execute(db)
  const { rows } = await pool.query<{ statement: string }>('select statement from pg_prepared_statements')
  expect(rows.map(({ statement }) => statement)).toEqual(['select $1::int + 1 as often'])
  await close()
})

it('goes on when another process has changed a table under a prepared statement', async () => {
  const { db, close } = openDatabase(database.url, 1)
  await database.pool.query('create table shelf (id integer); insert into shelf values (1)')
  const look = () => sql`select * from shelf where id = ${1}`.execute(db)
  await times(20, look)
  await database.pool.query("alter table shelf add column label text default 'new'")
  await look().catch((error: unknown) => expect(error).toMatchObject({ code: '0A000' }))
  expect((await look()).rows).toEqual([{ id: 1, label: 'new' }])
  await close()
})

it('commits a transaction as a whole, and undoes one that fails, with prepared statements in it', async () => {
  const { db, pool, close } = openDatabase(database.url, 2)
  await pool.query('create table tally (n integer primary key)')
  const add = (n: number) =>
    db.transaction().execute(async (tx) => {
      await sql`insert into tally values (${n})`.execute(tx)
      await sql`insert into tally values (${n + 1})`.execute(tx)
    })
  for (let n = 0; n < 20; n += 2) await add(n)
  await expect(add(-1)).rejects.toMatchObject({ code: '23505' })
  const { rows } = await pool.query<{ count: number }>('select count(*) from tally')
  expect(rows[0]?.count).toBe(20)
  await close()
})

it('does not prepare what finds its index by a value', async () => {
  const { db, pool, close } = openDatabase(database.url, 1)
  await pool.query(
    "create table seat (n integer, state text); create unique index taken on seat (n) where state = 'taken'",
  )
  await times(20, () =>
    sql`insert into seat values (${1}, 'taken') on conflict (n) where state = ${'taken'} do nothing`.execute(db),
  )
  const { rows } = await pool.query<{ count: number }>('select count(*) from seat')
  expect(rows[0]?.count).toBe(1)
  await close()
})
