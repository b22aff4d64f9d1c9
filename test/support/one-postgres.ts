/**
 * One PostgreSQL for a whole test run, with one migrated database that every `aDatabase()` is copied from.
 * vitest runs this in its main process; the workers get the URL by `inject`. TEST_DATABASE_URL names a server to
 * use instead: its role must be allowed to create databases.
 */
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '../../launch/postgres.mjs'
import { openDatabase } from '../../server/db/database.ts'
import { migrate } from '../../server/db/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Names the template database; a test's own database stands beside it. */
    templateUrl: string
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url))

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  const server = given ? undefined : await startPostgres(throwaway())
  const serverUrl = given ?? server?.url ?? ''
  const template = `budayang_template_${process.pid}`

  const admin = openDatabase(serverUrl, 1)
  await admin.pool.query(`drop database if exists ${template}`)
  await admin.pool.query(`create database ${template}`)
  const templateUrl = new URL(serverUrl)
  templateUrl.pathname = `/${template}`
  const fresh = openDatabase(templateUrl.href, 1)
  await migrate(fresh.pool, join(root, 'server/db/migrations'))
  await fresh.pool.end()
  project.provide('templateUrl', templateUrl.href)

  return async () => {
    await admin.pool.query(`drop database if exists ${template} with (force)`)
    await admin.pool.end()
    await server?.stop()
  }
}

/** A data folder that goes when the database stops; nothing in it needs to survive a power cut. */
function throwaway() {
  const dataDir = mkdtempSync(join(tmpdir(), 'budayang-test-'))
  // The database's own account, when root runs the tests, has to get in.
  chmodSync(dataDir, 0o711)
  return { root, dataDir, copiesIn: dataDir, durable: false, temporary: true }
}
