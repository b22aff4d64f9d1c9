// @ts-check
/**
 * `npm start`, once Node's version is known to be fine: install, build, database, server, and all of it down again in
 * the opposite order. Whatever can be foreseen to go wrong ends in one line and exit 1.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { installPackages, mayInstallHere, notInstalled } from './apt.mjs'
import { build } from './build.mjs'
import { copiesFolder, dataFolderPath, lockDataFolder, openDataFolder } from './data-folder.mjs'
import { install } from './install.mjs'
import { LaunchProblem } from './launch-problem.mjs'
import { startNode } from './node-child.mjs'
import { phoneEnv } from './phone-env.mjs'
import { startPostgres } from './postgres.mjs'
import { urgentPriority } from './priority.mjs'
import { commandOf, isAlive, parentOf } from './process-identity.mjs'
import { readDotEnv } from './settings.mjs'
import { supervise } from './supervisor.mjs'

const voices = ['espeak-ng', 'pocketsphinx-en-us', 'libpocketsphinx3', 'libsphinxbase3']

/** @typedef {import('./supervisor.mjs').Child} Child */

/**
 * @param {string} root the clone
 * @returns {Promise<number>} the exit code
 */
export async function start(root) {
  const say = (/** @type {string} */ line) => console.log(line)
  const stopAsked = stopSignal()
  let unlock = () => {}
  try {
    readDotEnv(root)
    const uid = process.getuid?.() ?? -1
    const dataDir = dataFolderPath({ root, env: process.env, uid })
    openDataFolder(dataDir, uid)
    if (!process.env.DATABASE_URL) unlock = lockDataFolder(dataDir)

    await install({ root, say, signal: stopAsked })
    await build({ root, say, signal: stopAsked })
    if (hasPhone()) await bringVoices(say)
    return await supervise(children(root, dataDir, uid, say), { say, stopAsked })
  } catch (error) {
    if (stopAsked.aborted) return 0
    console.error(error instanceof LaunchProblem ? error.message : error)
    return 1
  } finally {
    unlock()
  }
}

/**
 * In the order they start. The phone takes its place behind the server, whose client it is.
 * @param {string} root
 * @param {string} dataDir
 * @param {number} uid
 * @param {(line: string) => void} say
 * @returns {Child[]}
 */
function children(root, dataDir, uid, say) {
  /** @type {Record<string, string | undefined>} */
  const env = { ...process.env, DATA_DIR: dataDir }
  /** @type {Child} */
  const database = {
    name: 'PostgreSQL',
    async start() {
      const running = await startPostgres({
        root,
        dataDir,
        copiesIn: copiesFolder(dataDir, uid),
        durable: true,
        temporary: false,
      })
      env.DATABASE_URL = running.url
      return running
    },
  }
  /** @type {Child} */
  const server = {
    name: '服务端',
    start: async () => startNode({ program: join('dist', 'server.js'), root, env }),
  }
  const all = process.env.DATABASE_URL ? [server] : [database, server]
  if (!hasPhone()) return all
  // Made anew at every start: whoever is no child of ours does not know it. A phone elsewhere is given one by hand.
  env.PHONE_TOKEN ??= randomBytes(24).toString('hex')
  const { how, command } = urgentPriority()
  if (how === 'none') say('没有权限提高电话进程的优先级，机器忙的时候通话可能断续，其余照常')
  /** @type {Child} */
  const phone = {
    name: '电话',
    start: async () => startNode({ program: join('dist', 'phone.js'), root, env: phoneEnv(env), before: command }),
  }
  return [...all, phone]
}

/** PHONE=off leaves the telephone out. */
function hasPhone() {
  return process.env.PHONE !== 'off'
}

/**
 * What the phone speaks and hears with, from Debian. Without it, it still takes keys and recorded phrases.
 * @param {(line: string) => void} say
 */
async function bringVoices(say) {
  const missing = notInstalled(voices)
  if (missing.length === 0 || (await installPackages(missing, say))) return
  if (!mayInstallHere())
    say(`电话的语音还缺系统软件包，可以运行：sudo apt-get install --no-install-recommends ${missing.join(' ')}`)
}

/**
 * Aborted by the first signal that asks us to stop; later ones change nothing, the drain is under way. npm hands a
 * SIGTERM to the shell between us, and a kill -9 to nobody, so an npm that is gone counts as a signal too.
 * @returns {AbortSignal}
 */
function stopSignal() {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => controller.abort())
  const above = npmAbove()
  if (above.length > 0) {
    setInterval(() => {
      if (!above.every(isAlive) || process.ppid !== above[0]) controller.abort()
    }, 500).unref()
  }
  return controller.signal
}

/** @returns {number[]} npm, and the shell between it and us where there is one; none when npm did not start us */
function npmAbove() {
  if (process.env.npm_lifecycle_event !== 'start') return []
  const isNpm = (/** @type {number} */ pid) => commandOf(pid).includes('npm')
  const parent = process.ppid
  if (isNpm(parent)) return [parent]
  const grandparent = parentOf(parent)
  return isNpm(grandparent) ? [parent, grandparent] : []
}
