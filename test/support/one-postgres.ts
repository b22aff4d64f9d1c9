/**
 * One PostgreSQL for a whole test run, with one migrated database that every `aDatabase()` is copied from, and one that
 * holds the packs and their thresholds besides, which every hotline is copied from: found once, not by each of them.
 * vitest runs this in its main process; the workers get the URL by `inject`. TEST_DATABASE_URL names a server to
 * use instead: its role must be allowed to create databases.
 */
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { cities } from '../../knowledge/cities.ts'
import { liveIndex } from '../../knowledge/live-index.ts'
import { loadPacks } from '../../knowledge/pack-loader.ts'
import { startPostgres } from '../../launch/postgres.mjs'
import { openDatabase } from '../../server/db/database.ts'
import { migrate } from '../../server/db/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Names the template database; a test's own database stands beside it. */
    templateUrl: string
    /** The same with the packs loaded and tried. */
    knowingTemplateUrl: string
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url))

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  const server = given ? undefined : await startPostgres(throwaway())
  const serverUrl = given ?? server?.url ?? ''
  const template = `budayang_template_${process.pid}`
  const knowing = `budayang_knowing_${process.pid}`

  const admin = openDatabase(serverUrl, 1)
  const urlOf = (name: string) => {
    const url = new URL(serverUrl)
    url.pathname = `/${name}`
    return url.href
  }
  await admin.pool.query(`drop database if exists ${template}`)
  await admin.pool.query(`create database ${template}`)
  const fresh = openDatabase(urlOf(template), 1)
  await migrate(fresh.pool, join(root, 'server/db/migrations'))
  await fresh.pool.end()
  await admin.pool.query(`drop database if exists ${knowing}`)
  await admin.pool.query(`create database ${knowing} template ${template}`)
  await learnPacks(urlOf(knowing))
  project.provide('templateUrl', urlOf(template))
  project.provide('knowingTemplateUrl', urlOf(knowing))

  return async () => {
    for (const name of [template, knowing]) await admin.pool.query(`drop database if exists ${name} with (force)`)
    await admin.pool.end()
    await server?.stop()
  }
}

async function learnPacks(url: string): Promise<void> {
  const { db, pool, close } = openDatabase(url)
  const packs = await loadPacks({ db, folder: join(root, 'knowledge', 'packs'), now: new Date() })
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const index = liveIndex({ db, log, cities: cities(packs.packs), trialDelayMs: 0 })
  await index.start()
  const kept = async () => (await pool.query('select 1 from knowledge_thresholds')).rowCount !== 0
  while (!(await kept())) await new Promise((resolve) => setTimeout(resolve, 100))
  index.stop()
  await close()
}

/** A data folder that goes when the database stops; nothing in it needs to survive a power cut. */
function throwaway() {
  const dataDir = mkdtempSync(join(tmpdir(), 'budayang-test-'))
  // The database's own account, when root runs the tests, has to get in.
  chmodSync(dataDir, 0o711)
  return { root, dataDir, copiesIn: dataDir, durable: false, temporary: true }
}
