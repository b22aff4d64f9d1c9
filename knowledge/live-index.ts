/**
 * The answerer that every turn asks, kept up to date: whichever node published a text, this one serves it within seconds.
 *
 * Invariant: there is always the last index that could be built. A rebuild that fails is logged and tried again;
 * meanwhile the old one answers. Building and trying go in slices, so that no turn waits for them.
 */
import { createHash } from 'node:crypto'
import { Problem } from '../contract/problem.ts'
import { answerer, type Answerer } from './answerer.ts'
import { calibrationMethod, calibrationSteps, fewestEntries } from './calibration.ts'
import { cities as noCities, type Cities } from './cities.ts'
import { cautious, type ChannelThresholds } from './decision.ts'
import { entriesStore, type PublishedRevision } from './entries.store.ts'
import type { Meanings } from './meanings.ts'
import { inOrder, publishedTexts } from './published-texts.ts'
import { concordance } from './search/concordance.ts'
import { entryIndexSteps, type EntryIndex } from './search/entry-index.ts'
import { remembering } from './remembered-answers.ts'
import { inSlices, inSpareTime } from './search/steps.ts'
import { withSynonymsSteps, type Searched, type Synonyms } from './synonyms.ts'
import { synonymsStore } from './synonyms.store.ts'
import type { Db } from './tables.ts'
import { thresholdsStore } from './thresholds.store.ts'
import type { Base } from './tried-question.ts'

export type Log = {
  info(about: Record<string, unknown>, message: string): void
  error(about: Record<string, unknown>, message: string): void
}
export type LiveIndex = ReturnType<typeof liveIndex>

const defaultPollMs = 2_000
/** Editors publish in bursts; a base is tried when it has come to rest, since that takes a core for some seconds. */
const defaultTrialDelayMs = 60_000
/** The first one is tried sooner: until then nothing but caution is known. */
const mostFirstTrialDelayMs = 5_000
const businessDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' })

type Parts = {
  db: Db
  log: Log
  holdExamples?: boolean
  /** Known from the packs; without them no city entry can be named in a choice. */
  cities?: Cities
  pollMs?: number
  trialDelayMs?: number
  /** Learns the questions of every new base, where an embedding service is configured. */
  meanings?: Pick<Meanings, 'learn'>
  now?: () => Date
}
/** `key`: of which texts it is made, and how. */
type Made = { key: string; index: EntryIndex }
type Built = Made & { version: number; thresholds: ChannelThresholds; answerer: Answerer }

export function liveIndex({
  db,
  log,
  holdExamples = false,
  cities = noCities([]),
  pollMs = defaultPollMs,
  trialDelayMs = defaultTrialDelayMs,
  meanings,
  now = () => new Date(),
}: Parts) {
  const store = entriesStore(db)
  const published = publishedTexts(db)
  const book = concordance(cities)
  const searched: Searched = new WeakMap()
  const synonyms = synonymsStore(db)
  const found = thresholdsStore(db)
  let built: Built | undefined
  /** The last one that was only tried: where it is published, it goes live as it is. */
  let tried: Made | undefined
  let timer: NodeJS.Timeout | undefined
  let trial: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let stopped = false

  async function rebuildIfStale(): Promise<void> {
    // Read before the texts: what is published in between is caught by the next look.
    const version = await store.version()
    if (built?.version === version) return
    const began = performance.now()
    const texts = await published()
    const groups = await synonyms.groups()
    const made = await indexOver(texts, groups)
    const { index } = made
    const base = fingerprint(texts, holdExamples, groups)
    const known = await found.of(base)
    const restMs = built ? trialDelayMs : Math.min(trialDelayMs, mostFirstTrialDelayMs)
    const thresholds = known ?? built?.thresholds ?? cautious
    built = { ...made, version, thresholds, answerer: remembering(answerer(index, thresholds)) }
    tried = undefined
    log.info({ version, texts: texts.length, ms: Math.round(performance.now() - began) }, 'knowledge index built')
    void meanings?.learn(index.texts())
    clearTimeout(trial)
    if (known || index.all(today()).length < fewestEntries) return
    trial = setTimeout(() => void tryOut(index, base), restMs).unref()
  }

  async function indexOver(texts: readonly PublishedRevision[], groups: Synonyms): Promise<Made> {
    const examples = texts.map(({ example }) => Number(example)).join('')
    const key = `${fingerprint(texts, holdExamples, groups)} ${examples}`
    const same = [built, tried].find((made) => made?.key === key)
    if (same) return { key, index: same.index }
    const all = await inSlices(withSynonymsSteps(texts, groups, searched))
    return { key, index: await inSlices(entryIndexSteps(all, { cities, holdExamples, book })) }
  }

  /** Finds the thresholds of this very base; they go live together, unless another base has taken its place. */
  async function tryOut(index: EntryIndex, base: string): Promise<void> {
    const isCurrent = () => !stopped && built?.index === index
    try {
      const began = performance.now()
      const thresholds = await inSpareTime(calibrationSteps(index, today()), isCurrent)
      if (!thresholds || !built || !isCurrent()) return
      built = { ...built, thresholds, answerer: remembering(answerer(index, thresholds)) }
      await found.keep(base, thresholds, now())
      log.info({ ...thresholds, ms: Math.round(performance.now() - began) }, 'thresholds found')
    } catch (error) {
      log.error({ err: error }, 'thresholds not kept, they will be looked for again after the next start')
    }
  }

  const today = () => businessDay.format(now())

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

    /**
     * The answerer as it would be over other texts, by the thresholds in force; nothing live is touched.
     * @throws Problem not_ready.
     */
    async over(texts: readonly PublishedRevision[]): Promise<Answerer> {
      const { index, thresholds } = await this.baseOver(texts)
      return answerer(index, thresholds)
    },

    /** What the answerer in force is made of, for showing how an answer comes about. @throws Problem not_ready. */
    base(): Base {
      if (!built) throw new Problem('not_ready', 'the knowledge index is not built yet')
      return { index: built.index, thresholds: built.thresholds }
    },

    /** As `over`. @param groups of synonyms; those in force when absent. @throws Problem not_ready. */
    async baseOver(texts: readonly PublishedRevision[], groups?: Synonyms): Promise<Base> {
      const { thresholds } = this.base()
      tried = await indexOver(inOrder(texts), groups ?? (await synonyms.groups()))
      return { index: tried.index, thresholds }
    },

    /** All that may be served on some day, as the database has it now. */
    published,

    /** At once, for what this node has just published. @throws when the database does. */
    refresh,

    /** The first index is there when this resolves, unless it could not be built; looking goes on in either case. */
    async start(): Promise<void> {
      stopped = false
      await look()
      timer ??= setInterval(() => void look(), pollMs).unref()
    },

    stop(): void {
      stopped = true
      clearInterval(timer)
      clearTimeout(trial)
      timer = undefined
    },
  }
}

/** Which texts a base consists of, and how such a base is tried. */
function fingerprint(published: readonly PublishedRevision[], holdExamples: boolean, groups: Synonyms): string {
  const ids = published.map(({ id }) => ` ${id}`)
  const hash = createHash('sha256').update(`${calibrationMethod} ${holdExamples}${ids.join('')}`)
  if (groups.length > 0) hash.update(JSON.stringify(groups))
  return hash.digest('hex')
}
