// @ts-check
/**
 * The folder that holds everything we keep on disk: the database, the keys, the certificates. It belongs to one
 * account, and one launcher at a time works in it; anybody else gets one line and no change is made.
 */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LaunchProblem } from './launch-problem.mjs'
import { identityOf } from './process-identity.mjs'

/** @typedef {Record<string, string | undefined>} Environment */

/** Root keeps its data here: a database account cannot enter a clone under /root. */
const systemFolder = '/var/lib/budayang'

/**
 * @param {{ root: string, env: Environment, uid: number }} who root is the clone; uid 0 is root
 * @returns {string} absolute; two clones of root never share one
 */
export function dataFolderPath({ root, env, uid }) {
  if (env.DATA_DIR) return resolve(root, env.DATA_DIR)
  if (uid !== 0) return join(root, 'data')
  return join(systemFolder, createHash('sha256').update(realpathSync(root)).digest('hex').slice(0, 16))
}

/**
 * @param {string} dataDir
 * @param {number} uid
 * @returns {string} root's clones share one copy of the programs, below a folder that only root writes to
 */
export function copiesFolder(dataDir, uid) {
  return uid === 0 ? systemFolder : dataDir
}

/**
 * Makes the folder where it is missing.
 * @param {string} folder
 * @param {number} uid
 * @throws {LaunchProblem} data-folder-foreign, data-folder-unwritable
 */
export function openDataFolder(folder, uid) {
  try {
    makeFolder(folder, uid === 0 ? 0o711 : 0o700)
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new LaunchProblem(
      'data-folder-unwritable',
      `无法建立数据目录 ${folder}（${why}），请用 DATA_DIR 指定可写的位置`,
    )
  }
  const owner = statSync(folder).uid
  if (owner !== uid) throw foreign(folder, owner, uid)
  const database = lstatSync(join(folder, 'postgres'), { throwIfNoEntry: false })
  // Root gives the database to an account of its own; everybody else runs it as themselves.
  if (uid !== 0 && database && database.uid !== uid) throw foreign(join(folder, 'postgres'), database.uid, uid)
}

/**
 * 0711 for root: the database's account has to pass through, and may not look around. The umask does not get a say.
 * @param {string} folder
 * @param {number} mode of every folder that was missing
 */
function makeFolder(folder, mode) {
  const first = mkdirSync(folder, { recursive: true })
  if (first === undefined) return
  for (let made = folder; made.startsWith(first); made = dirname(made)) chmodSync(made, mode)
}

/**
 * @param {string} folder
 * @param {number} owner
 * @param {number} uid
 */
function foreign(folder, owner, uid) {
  return new LaunchProblem(
    'data-folder-foreign',
    `数据目录 ${folder} 属于其他用户（uid ${owner}，当前是 uid ${uid}），请换成那个用户运行，或用 DATA_DIR 指定另一个目录`,
  )
}

/**
 * Takes the folder for this process. A lock whose holder is gone, killed or lost with the machine, is taken over.
 * @param {string} folder
 * @returns {() => void} gives it back
 * @throws {LaunchProblem} data-folder-in-use
 */
export function lockDataFolder(folder) {
  const lock = join(folder, 'launcher.lock')
  const draft = `${lock}.${process.pid}`
  const mine = identityOf(process.pid)
  writeFileSync(draft, mine, { mode: 0o600 })
  try {
    // A link is made whole or not at all: nobody ever reads a lock without its holder in it.
    while (!linked(draft, lock)) {
      const holder = readIfThere(lock)
      if (holder === undefined) continue
      const pid = Number.parseInt(holder, 10)
      if (holder !== '' && identityOf(pid) === holder) throw inUse(folder, pid)
      takeAway(lock, holder, folder)
    }
  } finally {
    rmSync(draft, { force: true })
  }
  return () => {
    if (readIfThere(lock) === mine) rmSync(lock, { force: true })
  }
}

/**
 * Two launchers may find the same dead holder; only the one whose rename still moved that holder goes on.
 * @param {string} lock
 * @param {string} dead
 * @param {string} folder
 */
function takeAway(lock, dead, folder) {
  const aside = `${lock}.stale.${process.pid}`
  try {
    renameSync(lock, aside)
  } catch {
    return
  }
  const moved = readIfThere(aside)
  if (moved === dead) return rmSync(aside, { force: true })
  linked(aside, lock)
  rmSync(aside, { force: true })
  throw inUse(folder, Number.parseInt(moved ?? '', 10))
}

/**
 * @param {string} from
 * @param {string} to
 */
function linked(from, to) {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * @param {string} folder
 * @param {number} pid
 */
function inUse(folder, pid) {
  return new LaunchProblem(
    'data-folder-in-use',
    `数据目录 ${folder} 正被另一个进程（pid ${pid}）使用，请先停止它，或用 DATA_DIR 指定另一个目录`,
  )
}
