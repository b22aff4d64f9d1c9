import { afterAll, beforeAll, expect, it } from 'vitest'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await aDatabase()
})
afterAll(() => database.drop())

it('gives a test a database that every migration has run in', async () => {
  const { rows } = await database.pool.query<{ count: number }>('select count(*) from migration')
  expect(rows[0]?.count).toBeGreaterThan(0)
})

it('keeps what one database holds out of the next', async () => {
  await database.pool.query('create table only_here (id int)')
  const other = await aDatabase()
  const { rows } = await other.pool.query<{ found: string | null }>(`select to_regclass('only_here')::text as found`)
  await other.drop()
  expect(rows[0]?.found).toBeNull()
})
