// @ts-check
/**
 * The processes that `npm start` keeps alive. They start in the order given and stop in the opposite one, so nobody
 * outlives what it needs. One that dies comes back after a pause that doubles; one that says its settings are wrong
 * (exit 78) is not asked again: everything is stopped.
 */
import { setTimeout as pause } from 'node:timers/promises'

/** @typedef {{ ended: Promise<number>, stop: () => Promise<void> }} Running  `ended` gives the exit code */
/** @typedef {{ name: string, start: () => Promise<Running> }} Child */

/** EX_CONFIG of sysexits.h. */
export const wrongSettings = 78
const longestPauseSeconds = 30
/** One that ran this long was well; its next death starts the pauses afresh. */
const wellAfterMs = 60_000

/**
 * @param {number} deaths in a row, from 1
 * @returns {number} seconds: 1, 2, 4 ... 30
 */
export function pauseSeconds(deaths) {
  return Math.min(2 ** (deaths - 1), longestPauseSeconds)
}

/**
 * @param {Child[]} children
 * @param {{ say: (line: string) => void, stopAsked: AbortSignal }} options
 * @returns {Promise<number>} when all are stopped: 0 because it was asked, 1 because one of them said exit 78
 * @throws whatever the first start of a child throws; those already running are stopped before
 */
export async function supervise(children, { say, stopAsked }) {
  const giveUp = new AbortController()
  const ending = AbortSignal.any([stopAsked, giveUp.signal])
  /** @type {{ stop: () => Promise<void> }[]} */
  const kept = []
  try {
    for (const child of children) {
      if (ending.aborted) break
      kept.unshift(keep(child, await child.start(), { say, ending, giveUp }))
    }
    if (!ending.aborted) await new Promise((resolve) => ending.addEventListener('abort', resolve, { once: true }))
  } finally {
    giveUp.abort()
    for (const { stop } of kept) await stop()
  }
  return stopAsked.aborted ? 0 : 1
}

/**
 * @param {Child} child
 * @param {Running} first
 * @param {{ say: (line: string) => void, ending: AbortSignal, giveUp: AbortController }} options
 */
function keep(child, first, { say, ending, giveUp }) {
  /** @type {Running | undefined} */
  let running = first

  async function watch() {
    let deaths = 0
    let startedAt = Date.now()
    while (running) {
      const code = await running.ended
      running = undefined
      if (ending.aborted) return
      if (code === wrongSettings) return giveUp.abort()
      deaths = Date.now() - startedAt > wellAfterMs ? 1 : deaths + 1
      while (!running) {
        say(`${child.name} 意外退出（${code}），${pauseSeconds(deaths)} 秒后重启`)
        await pause(pauseSeconds(deaths) * 1000, undefined, { signal: ending }).catch(() => {})
        if (ending.aborted) return
        startedAt = Date.now()
        running = await child.start().catch((error) => {
          deaths += 1
          say(error instanceof Error ? error.message : String(error))
          return undefined
        })
        // Asked to stop while it was coming back: stop() below has looked already.
        if (ending.aborted) return running?.stop()
      }
    }
  }
  const watched = watch()

  return {
    async stop() {
      await running?.stop()
      await watched
    },
  }
}
