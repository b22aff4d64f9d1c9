// @ts-check
/**
 * The parent of PostgreSQL: a process of its own that outlives the launcher just long enough to stop the database.
 * PostgreSQL knows no channel, so this one holds it: when the channel closes, however the launcher ended
 * (kill -9 included), the database is shut down and this process goes too.
 *
 * Asked once `{ start }`, it answers `{ ready }` or `{ failed }`; `{ stop: true }` ends it.
 */
import { rmSync } from 'node:fs'
import { LaunchProblem } from './launch-problem.mjs'
import { databaseAccount, startCluster } from './postgres-cluster.mjs'
import { postgresEngine } from './postgres-engine.mjs'

/** @typedef {import('./postgres.mjs').PostgresOptions} PostgresOptions */
/** @typedef {{ ready: { url: string, pid: number } } | { failed: { code: string, line: string } }} News */

/** @type {Awaited<ReturnType<typeof startCluster>> | undefined} */
let cluster
let temporaryFolder = ''
let starting = false
let stopAsked = false
let ending = false

process.on('message', (/** @type {{ start?: PostgresOptions, stop?: true }} */ asked) => {
  if (asked.stop) stop()
  else if (asked.start) void start(asked.start)
})
process.on('disconnect', stop)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)

/** @param {PostgresOptions} options */
async function start({ root, dataDir, copiesIn, durable, temporary }) {
  starting = true
  if (temporary) temporaryFolder = dataDir
  try {
    const account = databaseAccount(dataDir)
    const native = postgresEngine({ root, copiesIn, account })
    cluster = await startCluster({ native, dataDir, account, durable })
  } catch (error) {
    const known = error instanceof LaunchProblem
    await tell({ failed: { code: known ? error.code : '', line: known ? error.message : String(error) } })
    return end(1)
  }
  starting = false
  if (stopAsked) return end(0)
  void cluster.ended.then(() => end(1))
  await tell({ ready: { url: cluster.url, pid: cluster.pid } })
}

function stop() {
  stopAsked = true
  // Half started, there is no telling what to stop yet; start() looks at stopAsked when it is through.
  if (!starting) void end(0)
}

/** @param {number} code 0: stopped because it was asked to; 1: the database would not start, or died. */
async function end(code) {
  if (ending) return
  ending = true
  await cluster?.stop()
  if (temporaryFolder) rmSync(temporaryFolder, { recursive: true, force: true })
  process.exit(code)
}

/**
 * @param {News} news
 * @returns {Promise<void>} when it has left this process; a launcher that is gone is no error here
 */
function tell(news) {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(news, () => resolve())
    else resolve()
  })
}
