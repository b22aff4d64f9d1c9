// @ts-check
/**
 * Debian packages that make something work which npm cannot bring. We install only where we may: as root, with
 * apt-get there, and nobody having said BUDAYANG_APT=0. It is tried once, it ends in time, and no failure of it ever
 * stops a start. No service that a package brings is started.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { isAlive } from './process-identity.mjs'

/** @typedef {Record<string, string | undefined>} Environment */

const policyFile = '/usr/sbin/policy-rc.d'
const policyMark = '# budayang: no service starts while pid '
const lockWaitSeconds = 60
const usualLimitMs = 5 * 60_000
const farewellMs = 10_000

/**
 * @param {{ uid: number, hasAptGet: boolean, env: Environment }} where uid 0 is root
 * @returns {boolean}
 */
export function mayInstall({ uid, hasAptGet, env }) {
  return uid === 0 && hasAptGet && env.BUDAYANG_APT !== '0'
}

/** mayInstall, for this process on this machine. */
export function mayInstallHere() {
  return mayInstall({ uid: process.getuid?.() ?? -1, hasAptGet: isOnPath('apt-get'), env: process.env })
}

/** @param {string} program */
export function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)))
}

/**
 * @param {string[]} names
 * @returns {string[]} those that dpkg does not hold as installed
 */
export function notInstalled(names) {
  return names.filter((name) => {
    const asked = spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' })
    return asked.stdout?.trim() !== 'install ok installed'
  })
}

/**
 * @param {string[]} names
 * @param {(line: string) => void} say
 * @param {number} [limitMs] how long all of it may take
 * @returns {Promise<boolean>} whether all of them are installed now; without leave nothing is tried
 */
export async function installPackages(names, say, limitMs = usualLimitMs) {
  const missing = notInstalled(names)
  if (missing.length === 0) return true
  if (!mayInstallHere()) return false
  say(`正在安装系统软件包：${missing.join(' ')}（设 BUDAYANG_APT=0 可关闭）`)
  const deadline = Date.now() + limitMs
  const giveBack = forbidServiceStarts()
  try {
    // A stale list may still name what the mirror has, so a failed update does not end the attempt.
    await aptGet(['update'], deadline)
    await aptGet(['install', '--yes', '--no-install-recommends', ...missing], deadline)
  } finally {
    giveBack()
  }
  const left = notInstalled(missing)
  if (left.length > 0) say(`没有装上：${left.join(' ')}，继续运行`)
  return left.length === 0
}

/**
 * @param {string[]} args
 * @param {number} deadline milliseconds since the epoch
 * @returns {Promise<void>} also when it failed; what is installed afterwards is the only answer that counts
 */
function aptGet(args, deadline) {
  const remaining = deadline - Date.now()
  if (remaining <= 0) return Promise.resolve()
  const options = ['-q', '-o', `DPkg::Lock::Timeout=${lockWaitSeconds}`, '-o', 'Dpkg::Use-Pty=0']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' }
  const child = spawn('apt-get', [...options, ...args], { env, stdio: ['ignore', 2, 2] })
  return new Promise((resolve) => {
    // Asked to stop, apt-get finishes the package it is at. We do not wait longer than that takes, and never kill it.
    const late = setTimeout(() => {
      child.kill('SIGINT')
      setTimeout(resolve, farewellMs).unref()
    }, remaining)
    const end = () => {
      clearTimeout(late)
      resolve()
    }
    child.once('error', end)
    child.once('exit', end)
  })
}

/**
 * Debian asks policy-rc.d before it starts a service; 101 means no. Ours says no only while this process lives, so
 * one that a kill -9 leaves behind forbids nothing. An operator's own file stays as it is.
 * @returns {() => void}
 */
function forbidServiceStarts() {
  if (existsSync(policyFile) && !isOurDeadPolicy(readFileSync(policyFile, 'utf8'))) return () => {}
  const script = `#!/bin/sh\n${policyMark}${process.pid}\nkill -0 ${process.pid} 2>/dev/null && exit 101\nexit 0\n`
  try {
    writeFileSync(policyFile, script, { mode: 0o755 })
  } catch {
    return () => {}
  }
  return () => rmSync(policyFile, { force: true })
}

/** @param {string} script */
export function isOurDeadPolicy(script) {
  const at = script.indexOf(policyMark)
  return at >= 0 && !isAlive(Number.parseInt(script.slice(at + policyMark.length), 10))
}
