import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../../server/db/database.ts'
import { refusalOf } from '../../server/problem-words.ts'
import { aDatabase } from '../support/postgres.ts'

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('went well'),
    (error: unknown) => error,
  )

it('asks to try again where no database listens', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'budayang-nobody-'))
  const { pool, close } = openDatabase(`postgres://budayang@localhost/budayang?host=${encodeURIComponent(empty)}`)
  expect(refusalOf(await failureOf(pool.query('select 1')))).toEqual({
    code: 'not_ready',
    message: '系统正在准备，请稍后再试',
  })
  await close()
  await rm(empty, { recursive: true })
})

it('asks to try again where the database goes away in the middle of a question, and calls a bad question a bug', async () => {
  const { pool, drop } = await aDatabase()
  const cut = failureOf(pool.query('select pg_sleep(5)'))
  const cutOff = () =>
    pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()`,
    )
  while ((await cutOff()).rowCount === 0) continue
  expect(refusalOf(await cut).code).toBe('not_ready')
  expect(refusalOf(await failureOf(pool.query('select no_such_column'))).code).toBe('internal')
  await drop()
})
