// @ts-check
/**
 * The embedded PostgreSQL, as the launcher and the tests see it: a URL, and a way to stop it. The database's own
 * parent is launch/postgres-keeper.mjs, which stops it even when this process is killed.
 */
import { fork } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LaunchProblem } from './launch-problem.mjs'
import { databaseAccount, databaseUrl, socketFolder } from './postgres-cluster.mjs'
import { isPostmasterOf, postmasterFile } from './postmaster.mjs'

/**
 * @typedef {object} PostgresOptions
 * @property {string} root the clone, where node_modules is
 * @property {string} dataDir exists already; the database goes to dataDir/postgres
 * @property {string} copiesIn where a copy of the programs goes if the database's account cannot read the clone
 * @property {boolean} durable false only for tests: no fsync
 * @property {boolean} temporary true only for tests: dataDir is deleted when the database stops
 */

/** @typedef {{ url: string, pid: number, keeperPid: number, ended: Promise<number>, stop: () => Promise<void> }} RunningPostgres */

const keeperPath = fileURLToPath(new URL('./postgres-keeper.mjs', import.meta.url))

/**
 * @param {PostgresOptions} options
 * @returns {Promise<RunningPostgres>} `ended` gives the keeper's exit code: 0 when it was asked to stop
 * @throws {LaunchProblem} when the database cannot be made or started; nothing is left running then
 */
export async function startPostgres(options) {
  // Detached: Ctrl-C reaches the whole foreground group, and the database must outlive the server's drain.
  const keeper = fork(keeperPath, [], {
    detached: true,
    execArgv: [],
    cwd: '/',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => keeper.once('exit', (code) => resolve(code ?? 1)))
  /** @type {import('./postgres-keeper.mjs').News} */
  const news = await new Promise((resolve) => {
    keeper.once('message', (/** @type {import('./postgres-keeper.mjs').News} */ said) => resolve(said))
    keeper.once('exit', () => resolve({ failed: { code: 'postgres-start', line: '数据库没有启动 [postgres-start]' } }))
    keeper.send({ start: options })
  })
  if ('failed' in news) {
    await ended
    throw new LaunchProblem(news.failed.code || 'postgres-start', withoutCode(news.failed))
  }
  return {
    ...news.ready,
    keeperPid: keeper.pid ?? 0,
    ended,
    async stop() {
      if (keeper.connected) keeper.send({ stop: true })
      await ended
    },
  }
}

/**
 * @param {string} dataDir
 * @returns {string | undefined} the URL of the database that another process runs in this data folder, if one does
 */
export function runningPostgres(dataDir) {
  const folder = join(dataDir, 'postgres')
  const file = existsSync(folder) ? postmasterFile(folder) : undefined
  if (!file || file.status !== 'ready' || !isPostmasterOf(file.pid, realpathSync(folder))) return undefined
  return databaseUrl(socketFolder({ dataDir, account: databaseAccount(dataDir) }))
}

/** @param {{ code: string, line: string }} failed */
function withoutCode({ code, line }) {
  return code ? line.replace(` [${code}]`, '') : line
}
