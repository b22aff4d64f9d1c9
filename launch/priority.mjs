// @ts-check
/**
 * Ahead of its neighbours: the phone, whose callers hear every 20 ms that it comes too late. Real time where that is
 * allowed (chrt), else a better place in the common queue (nice), else as everybody. Whoever it starts itself, such as
 * the recogniser, begins as everybody.
 */
import { spawnSync } from 'node:child_process'

/** @typedef {{ how: 'chrt' | 'nice' | 'none', command: string[] }} Priority  `command` is what to put in front */

const niceness = -10
const realTime = ['chrt', '--reset-on-fork', '--fifo', '10']
const nicer = ['nice', '-n', String(niceness)]

/** @returns {Priority} tried out on this machine, as this user */
export function urgentPriority() {
  if (tried([...realTime, 'true']) !== undefined) return { how: 'chrt', command: realTime }
  // Where it is not allowed, nice goes on all the same and only says so.
  if (tried([...nicer, 'nice'])?.trim() === String(niceness)) return { how: 'nice', command: nicer }
  return { how: 'none', command: [] }
}

/**
 * @param {string[]} words
 * @returns {string | undefined} what it printed; undefined when it did not end well
 */
function tried([program = '', ...args]) {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 5_000 })
  return status === 0 ? stdout : undefined
}
