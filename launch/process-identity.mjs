// @ts-check
/**
 * Which process is meant by a pid that was written down. A pid alone is reused, so an identity also names the
 * boot and the moment the process started.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const onLinux = existsSync('/proc/self/stat')

/** @param {number} pid */
export function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: alive, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  // A dead child that nobody has waited for still answers to signals.
  return !onLinux || stateAndStart(pid)?.state !== 'Z'
}

/**
 * @param {number} pid
 * @returns {string} equal for the same process and for no other; '' when there is none
 */
export function identityOf(pid) {
  if (!isAlive(pid)) return ''
  if (!onLinux) return `${pid} ${ps(pid, 'lstart=')}`
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return `${pid} ${stateAndStart(pid)?.start ?? ''} ${boot}`
}

/**
 * @param {number} pid
 * @returns {string} the command line, words parted by spaces; '' when there is no such process
 */
export function commandOf(pid) {
  if (!isAlive(pid)) return ''
  if (!onLinux) return ps(pid, 'command=')
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

/**
 * @param {number} pid
 * @returns {number} 0 when there is no such process
 */
export function parentOf(pid) {
  return Number(onLinux ? stateAndStart(pid)?.parent : ps(pid, 'ppid=')) || 0
}

/**
 * Source: proc(5), /proc/PID/stat; the name in parentheses may itself hold spaces and parentheses.
 * @param {number} pid
 */
function stateAndStart(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0], parent: fields[1], start: fields[19] }
  } catch {
    return undefined
  }
}

/**
 * @param {number} pid
 * @param {string} column
 */
function ps(pid, column) {
  return spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
}
