// @ts-check
/**
 * One of our own Node programs as a child: in a session of its own, so that Ctrl-C reaches only the launcher, and
 * with a channel whose closing tells it that the launcher is gone. Its output goes straight where ours goes.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** @typedef {import('./supervisor.mjs').Running} Running */

const leash = new URL('./leash.mjs', import.meta.url).href

/** How long a server may drain before it is killed. */
export const drainLimitMs = 15_000

/**
 * @typedef {object} NodeProgram
 * @property {string} program a path below root
 * @property {string} root
 * @property {Record<string, string | undefined>} env
 * @property {string[]} [before] a command that becomes Node, as chrt and nice do
 */

/**
 * @param {NodeProgram} what
 * @returns {Running}
 */
export function startNode({ program, root, env, before = [] }) {
  const [command = process.execPath, ...words] = [
    ...before,
    process.execPath,
    '--enable-source-maps',
    '--import',
    leash,
    program,
  ]
  const child = spawn(command, words, {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve(127))
    // As a shell counts: 137 is a kill -9, or the kernel's out-of-memory killer.
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']))
  })
  return {
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), drainLimitMs)
      await ended
      clearTimeout(late)
    },
  }
}
