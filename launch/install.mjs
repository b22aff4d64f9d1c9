// @ts-check
/**
 * node_modules as package-lock.json wants it. A stamp beside the packages holds the hash of the lockfile that they
 * were installed from, so a second start costs one hash and a changed lockfile costs one `npm ci`.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LaunchProblem } from './launch-problem.mjs'

/** @typedef {{ packages: Record<string, LockedPackage> }} Lockfile */
/** @typedef {{ version?: string, integrity?: string, resolved?: string, link?: boolean, optional?: boolean }} LockedPackage */

/** @param {string} root */
const stampPath = (root) => join(root, 'node_modules', '.budayang-lock')

/** @param {string} root */
export function lockfileHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

/**
 * @param {string} root
 * @returns {boolean} also true for a node_modules that somebody installed by hand from this very lockfile
 */
export function isInstalled(root) {
  if (existsSync(stampPath(root))) return readFileSync(stampPath(root), 'utf8').trim() === lockfileHash(root)
  const present = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(present)) return false
  return sameTree(
    JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')),
    JSON.parse(readFileSync(present, 'utf8')),
  )
}

/**
 * @param {Lockfile} wanted
 * @param {Lockfile} present npm's own record of node_modules; other platforms' optional packages are not in it
 */
export function sameTree(wanted, present) {
  for (const [path, { version, integrity }] of Object.entries(present.packages)) {
    const locked = wanted.packages[path]
    if (!locked || locked.version !== version || locked.integrity !== integrity) return false
  }
  return Object.entries(wanted.packages).every(
    ([path, locked]) => path === '' || !path.startsWith('node_modules/') || locked.optional || path in present.packages,
  )
}

/**
 * @param {{ root: string, say: (line: string) => void, signal?: AbortSignal }} options
 * @throws {LaunchProblem} install-failed
 */
export async function install({ root, say, signal }) {
  if (!isInstalled(root)) {
    say('正在安装依赖（npm ci），首次需要几分钟')
    rmSync(stampPath(root), { force: true })
    await npmCi(root, signal)
  }
  const hash = lockfileHash(root)
  if (existsSync(stampPath(root)) && readFileSync(stampPath(root), 'utf8').trim() === hash) return
  try {
    writeFileSync(stampPath(root), `${hash}\n`)
  } catch {
    // Somebody else's node_modules, complete and read-only: it is compared again at the next start.
  }
}

/**
 * @param {string} root
 * @param {AbortSignal | undefined} signal
 */
async function npmCi(root, signal) {
  // `npm start` names its own npm, which need not be the first one on the path.
  const npm = process.env.npm_execpath
  const [command, ...first] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm']
  const child = spawn(command, [...first, 'ci', '--include=dev', '--no-fund', '--no-audit'], {
    cwd: root,
    // stdout is kept for those who read ours, such as `npm run talk -- --json`.
    stdio: ['ignore', 2, 2],
    signal,
  })
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(127))
    child.once('exit', resolve)
  })
  if (code !== 0)
    throw new LaunchProblem(
      'install-failed',
      `依赖安装失败（npm ci 退出码 ${code}），请看上面的输出，检查网络或 npm 镜像设置`,
    )
}
