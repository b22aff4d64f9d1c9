/**
 * A real PostgreSQL database for a store's test: migrated, empty, its own. It is a copy of the template that
 * test/support/one-postgres.ts made for this run, so it costs a tenth of a second.
 *
 * Call `aDatabase` in beforeAll and `drop` in afterAll.
 */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { inject } from 'vitest'
import { openDatabase, type Db } from '../../server/db/database.ts'

export type TestDatabase = { db: Db; pool: pg.Pool; url: string; drop: () => Promise<void> }

const connections = 5

export const aDatabase = (): Promise<TestDatabase> => aCopyOf(inject('templateUrl'))

/** With the packs of the repository, loaded and tried, as a hotline finds them at its second start. */
export const aKnowingDatabase = (): Promise<TestDatabase> => aCopyOf(inject('knowingTemplateUrl'))

async function aCopyOf(templateUrl: string): Promise<TestDatabase> {
  const template = new URL(templateUrl)
  const name = `budayang_test_${randomUUID().replaceAll('-', '')}`
  await onServer(template, `create database ${name} template ${template.pathname.slice(1)}`)

  const own = new URL(template)
  own.pathname = `/${name}`
  const { db, pool } = openDatabase(own.href, connections)
  return {
    db,
    pool,
    url: own.href,
    async drop() {
      // Kysely ends the pool only where it was the one to use it first.
      await db.destroy()
      if (!pool.ended) await pool.end()
      await onServer(template, `drop database if exists ${name} with (force)`)
    },
  }
}

/** Not through the template itself: PostgreSQL copies a database only while nobody is connected to it. */
async function onServer(template: URL, sql: string): Promise<void> {
  const server = new URL(template)
  server.pathname = '/postgres'
  const { pool } = openDatabase(server.href, 1)
  try {
    await pool.query(sql)
  } finally {
    await pool.end()
  }
}
