// @ts-check
/**
 * One PostgreSQL data folder: made once, started, stopped. It listens on a unix socket in a 0700 folder and
 * nowhere else, so `trust` trusts exactly who may enter that folder. A postmaster that an earlier life left over is stopped
 * first; the caller holds the data folder's lock, so it cannot be somebody else's.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { LaunchProblem } from './launch-problem.mjs'
import { postmasterFile, stopLeftOver, stopPostmaster } from './postmaster.mjs'

/** @typedef {import('./postgres-engine.mjs').Account} Account */
/** @typedef {{ native: string, dataDir: string, account: Account, durable: boolean }} Cluster */

const databaseName = 'budayang'
/** Linux takes 107 bytes, macOS 103. */
const socketPathLimit = 100
/** Crash recovery after a power cut may replay a lot before the server takes connections. */
const startLimitMs = 120_000
const logLimitBytes = 10_000_000

/**
 * Who owns the database's files: for root the owner they already have, or the account `budayang` where an
 * operator made one, or `nobody` (PostgreSQL refuses to run as root). Anybody else runs it as themselves.
 * @param {string} dataDir
 * @returns {Account}
 */
export function databaseAccount(dataDir) {
  if (process.getuid?.() !== 0) return undefined
  const owned = statSync(join(dataDir, 'postgres'), { throwIfNoEntry: false })
  if (owned && owned.uid !== 0) return { uid: owned.uid, gid: owned.gid }
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['budayang', 'nobody']) {
    const [, , uid, gid] = accounts.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) }
  }
  return { uid: 65534, gid: 65534 }
}

/**
 * @param {Cluster} cluster
 * @returns {Promise<{ url: string, pid: number, ended: Promise<void>, stop: () => Promise<void> }>}
 */
export async function startCluster(cluster) {
  const { native, account, durable } = cluster
  const folder = makeCluster(cluster)
  await stopLeftOver(folder)
  const sockets = socketFolder(cluster)
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${sockets}`,
    'unix_socket_permissions=0700',
    'port=5432',
    'timezone=UTC',
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ]
  const log = openLog(cluster)
  const child = spawn(
    join(native, 'bin', 'postgres'),
    ['-D', folder, ...settings.flatMap((setting) => ['-c', setting])],
    { ...account, cwd: '/', env: environment, detached: true, stdio: ['ignore', log, log] },
  )
  closeSync(log)
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
  if (child.pid === undefined) throw broken(cluster)
  await untilReady(folder, child, cluster)
  return {
    url: databaseUrl(sockets),
    pid: child.pid,
    ended,
    stop: () => stopPostmaster(child.pid ?? 0),
  }
}

/** @param {string} sockets */
export function databaseUrl(sockets) {
  return `postgres://budayang@localhost:5432/${databaseName}?host=${encodeURIComponent(sockets)}`
}

// Nothing of the caller's environment reaches PostgreSQL: PGPORT and its kin would change what it does.
const environment = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', TZ: 'UTC' }

/**
 * initdb works in a folder of another name, so one that was interrupted is never taken for a database.
 * @param {Cluster} cluster
 * @returns {string} the data folder proper
 */
function makeCluster({ native, dataDir, account, durable }) {
  const folder = join(dataDir, 'postgres')
  if (existsSync(join(folder, 'PG_VERSION'))) {
    const held = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim()
    const ours = spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...account, cwd: '/', encoding: 'utf8' })
    if (!ours.stdout.includes(` ${held}.`) && !ours.stdout.includes(` ${held}beta`))
      throw new LaunchProblem(
        'data-folder-version',
        `${folder} 是 PostgreSQL ${held} 的数据，而内置的是${ours.stdout.replace('postgres', '').trim()}，请先按 docs/operations.md 迁移`,
      )
    return realpathSync(folder)
  }
  const draft = `${folder}.new`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  if (account) chownSync(draft, account.uid, account.gid)
  if (account && spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', draft], { ...account, cwd: '/' }).status !== 0) {
    rmSync(draft, { recursive: true, force: true })
    throw new LaunchProblem(
      'data-folder-unreachable',
      `数据库账户（uid ${account.uid}）进不了数据目录 ${dataDir}，请把 DATA_DIR 指到它能进入的位置，例如 /var/lib/budayang`,
    )
  }
  const options = [
    '--username=budayang',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
  ]
  const made = spawnSync(
    join(native, 'bin', 'initdb'),
    ['-D', draft, ...options, '--data-checksums', ...(durable ? [] : ['--no-sync'])],
    { ...account, cwd: '/', env: environment, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new LaunchProblem('postgres-initdb', `数据库初始化失败：${lastLine(made.stderr)}`)
  const named = spawnSync(join(native, 'bin', 'postgres'), ['--single', '-D', draft, 'postgres'], {
    ...account,
    cwd: '/',
    env: environment,
    input: `create database ${databaseName}\n`,
    encoding: 'utf8',
  })
  if (named.status !== 0) throw new LaunchProblem('postgres-initdb', `数据库初始化失败：${lastLine(named.stderr)}`)
  renameSync(draft, folder)
  return realpathSync(folder)
}

/**
 * @param {Pick<Cluster, 'dataDir' | 'account'>} cluster
 * @returns {string} beside the data, or in /tmp where that path would be too long for a socket
 */
export function socketFolder({ dataDir, account }) {
  const beside = join(dataDir, 'run')
  const fits = Buffer.byteLength(join(beside, '.s.PGSQL.5432')) < socketPathLimit
  const short = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  const folder = fits ? beside : `/tmp/budayang-${process.getuid?.() ?? 0}-${short}`
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (process.getuid?.() === 0 && account) chownSync(folder, account.uid, account.gid)
  const owner = account?.uid ?? process.getuid?.()
  const stat = lstatSync(folder)
  // In /tmp anybody could have made that folder first, to listen in the database's place.
  if (!stat.isDirectory() || stat.uid !== owner)
    throw new LaunchProblem('socket-folder-foreign', `${folder} 属于其他用户，请删除它或更换 DATA_DIR`)
  chmodSync(folder, 0o700)
  return folder
}

/**
 * @param {string} folder
 * @param {import('node:child_process').ChildProcess} child
 * @param {Cluster} cluster
 */
async function untilReady(folder, child, cluster) {
  const deadline = Date.now() + startLimitMs
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw broken(cluster)
    const file = postmasterFile(folder)
    if (file?.pid === child.pid && file?.status === 'ready') return
    await pause(20)
  }
  await stopPostmaster(child.pid ?? 0)
  throw new LaunchProblem('postgres-slow', `数据库在 ${startLimitMs / 1000} 秒内没有就绪，请看 ${logPath(cluster)}`)
}

/** @param {Cluster} cluster */
const logPath = ({ dataDir }) => join(dataDir, 'postgres.log')

/** @param {Cluster} cluster */
function openLog(cluster) {
  const path = logPath(cluster)
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > logLimitBytes) renameSync(path, `${path}.1`)
  return openSync(path, 'a', 0o600)
}

/** @param {Cluster} cluster */
function broken(cluster) {
  const said = existsSync(logPath(cluster)) ? lastLine(readFileSync(logPath(cluster), 'utf8')) : ''
  return new LaunchProblem('postgres-start', `数据库没有启动：${said}（日志在 ${logPath(cluster)}）`)
}

/** @param {string} text */
const lastLine = (text) => text.trim().split('\n').at(-1) ?? ''
