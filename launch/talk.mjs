// @ts-check
/**
 * `npm run talk`: questions on stdin, answers on stdout, against the database of this clone: the one that `npm start`
 * is running, or one that is started for as long as this lasts. Only the answers go to stdout.
 */
import { spawn } from 'node:child_process'
import { argv, execPath } from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { copiesFolder, dataFolderPath, lockDataFolder, openDataFolder } from './data-folder.mjs'
import { install } from './install.mjs'
import { LaunchProblem } from './launch-problem.mjs'
import { nodeVersionProblem } from './node-version.mjs'
import { runningPostgres, startPostgres } from './postgres.mjs'
import { readDotEnv } from './settings.mjs'

/** @typedef {{ url: string, stop: () => Promise<void> }} Database */

const root = fileURLToPath(new URL('..', import.meta.url))
/** A start that is under way holds the folder before its database answers. */
const othersStartMs = 30_000

process.exitCode = await talk().catch((error) => {
  console.error(error instanceof LaunchProblem ? error.message : error)
  return 1
})

/** @returns {Promise<number>} */
async function talk() {
  const problem = nodeVersionProblem(process.versions.node)
  if (problem) {
    console.error(problem)
    return 1
  }
  readDotEnv(root)
  const say = (/** @type {string} */ line) => console.error(line)
  await install({ root, say })
  await build({ root, say })

  const uid = process.getuid?.() ?? -1
  const dataDir = dataFolderPath({ root, env: process.env, uid })
  openDataFolder(dataDir, uid)
  // The conversation below gets Ctrl-C too, and ends; then it is our turn to stop what we started.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
  const database = await openDatabase(dataDir, uid)
  try {
    const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL: database.url }
    const child = spawn(execPath, ['--enable-source-maps', 'dist/talk.js', ...argv.slice(2)], {
      cwd: root,
      env,
      stdio: 'inherit',
    })
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code) => resolve(code ?? 1))
    })
  } finally {
    await database.stop()
  }
}

/**
 * @param {string} dataDir
 * @param {number} uid
 * @returns {Promise<Database>} whose `stop` stops only what was started here
 */
async function openDatabase(dataDir, uid) {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL, stop: async () => {} }
  const deadline = Date.now() + othersStartMs
  for (;;) {
    try {
      const unlock = lockDataFolder(dataDir)
      const running = await startPostgres({
        root,
        dataDir,
        copiesIn: copiesFolder(dataDir, uid),
        durable: true,
        temporary: false,
      }).catch((error) => {
        unlock()
        throw error
      })
      return { url: running.url, stop: () => running.stop().finally(unlock) }
    } catch (error) {
      if (!(error instanceof LaunchProblem) || error.code !== 'data-folder-in-use') throw error
      const url = runningPostgres(dataDir)
      if (url) return { url, stop: async () => {} }
      if (Date.now() > deadline) throw error
      await pause(200)
    }
  }
}
