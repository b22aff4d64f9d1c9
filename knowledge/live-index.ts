/**
 * The answerer that every turn asks, kept up to date: whichever node published a text, this one serves it within seconds.
 *
 * Invariant: there is always the last index that could be built. A rebuild that fails is logged and tried again;
 * meanwhile the old one answers.
 */
import { Problem } from '../contract/problem.ts'
import { answerer, type Answerer } from './answerer.ts'
import { cities as noCities, type Cities } from './cities.ts'
import { entriesStore } from './entries.store.ts'
import { entryIndex } from './search/entry-index.ts'
import type { Db } from './tables.ts'

export type Log = {
  info(about: Record<string, unknown>, message: string): void
  error(about: Record<string, unknown>, message: string): void
}
export type LiveIndex = ReturnType<typeof liveIndex>

const defaultPollMs = 2_000

type Parts = {
  db: Db
  log: Log
  holdExamples?: boolean
  /** Known from the packs; without them no city entry can be named in a choice. */
  cities?: Cities
  pollMs?: number
}

export function liveIndex({ db, log, holdExamples = false, cities = noCities([]), pollMs = defaultPollMs }: Parts) {
  const store = entriesStore(db)
  let built: { version: number; answerer: Answerer } | undefined
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  async function rebuildIfStale(): Promise<void> {
    // Read before the texts: what is published in between is caught by the next look.
    const version = await store.version()
    if (built?.version === version) return
    const began = performance.now()
    const published = await store.published()
    built = { version, answerer: answerer(entryIndex(published, { cities, holdExamples })) }
    log.info({ version, texts: published.length, ms: Math.round(performance.now() - began) }, 'knowledge index built')
  }

  /** One look at a time: whoever asks during a look waits for the one after it, which sees what they have committed. */
  async function refresh(): Promise<void> {
    if (running) await running.catch(() => {})
    running ??= rebuildIfStale().finally(() => {
      running = undefined
    })
    await running
  }

  async function look(): Promise<void> {
    try {
      await refresh()
    } catch (error) {
      log.error({ err: error }, 'knowledge index not rebuilt, the former one keeps serving')
    }
  }

  return {
    /** @throws Problem not_ready before the first index is built. */
    current(): Answerer {
      if (!built) throw new Problem('not_ready', 'the knowledge index is not built yet')
      return built.answerer
    },

    isReady: () => built !== undefined,

    /** At once, for what this node has just published. @throws when the database does. */
    refresh,

    /** The first index is there when this resolves, unless it could not be built; looking goes on in either case. */
    async start(): Promise<void> {
      await look()
      timer ??= setInterval(() => void look(), pollMs).unref()
    },

    stop(): void {
      clearInterval(timer)
      timer = undefined
    },
  }
}
