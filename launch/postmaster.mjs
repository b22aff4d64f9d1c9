// @ts-check
/**
 * The postmaster that a data folder's postmaster.pid speaks of: whether it really is one, and how it is stopped.
 * No signal ever goes to a process that is not the postmaster of that very folder.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { commandOf, isAlive } from './process-identity.mjs'

/** @param {string} folder the data folder that a postmaster.pid in it speaks of */
export async function stopLeftOver(folder) {
  const file = postmasterFile(folder)
  if (!file) return
  if (isPostmasterOf(file.pid, folder)) await stopPostmaster(file.pid)
  // After a power cut the pid may be another program's by now, and PostgreSQL would refuse to start for its sake.
  rmSync(join(folder, 'postmaster.pid'), { force: true })
}

/**
 * @param {number} pid
 * @param {string} folder
 */
export function isPostmasterOf(pid, folder) {
  const command = commandOf(pid)
  return /^\S*postgres /.test(command) && command.includes(` -D ${folder} `)
}

/**
 * Fast shutdown: sessions are ended, everything is written out. Only a server that hangs is pushed harder.
 * @param {number} pid
 */
export async function stopPostmaster(pid) {
  for (const [signal, limitMs] of /** @type {const} */ ([
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 2_000],
  ])) {
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    const deadline = Date.now() + limitMs
    while (Date.now() < deadline) {
      if (!isAlive(pid)) return
      await pause(20)
    }
  }
}

/**
 * @param {string} folder
 * @returns {{ pid: number, status: string } | undefined}
 */
export function postmasterFile(folder) {
  const path = join(folder, 'postmaster.pid')
  if (!existsSync(path)) return undefined
  const lines = readFileSync(path, 'utf8').split('\n')
  return { pid: Number(lines[0]), status: lines[7]?.trim() ?? '' }
}
