/**
 * `npm run bench:publish -- [--entries 10000] [--publications 20] [--cold]`: what one publication takes, from asking for it until it
 * is answered from, on a real PostgreSQL, and how long a turn had to wait meanwhile. The base is the shipped packs, filled up
 * with generated entries of six questions and an answer each; `--entries 0` is the packs alone. Golden questions are tried. The
 * gate is rehearsed first, as it is soon after a start; `--cold` publishes as soon as there is an index.
 *
 * The control is the same process with nothing published: how long its own timers had to wait.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { staff } from '../desk/staff.ts'
import { cities } from '../knowledge/cities.ts'
import { entriesStore } from '../knowledge/entries.store.ts'
import { goldenSet } from '../knowledge/golden-set.ts'
import { liveIndex } from '../knowledge/live-index.ts'
import { loadPacks } from '../knowledge/pack-loader.ts'
import { review } from '../knowledge/review.ts'
import { startPostgres } from '../launch/postgres.mjs'
import { openDatabase } from '../server/db/database.ts'
import { migrate } from '../server/db/migrate.ts'
import { publishTurns } from '../server/publish-turns.ts'
import { publishing } from '../server/publishing.ts'
import { asPublished } from './base.ts'
import { machine, percentile, report } from './figures.ts'
import { generatedBase } from './generated-base.ts'
import { longestWait, type Waited } from './longest-wait.ts'
import { heldBytes, megabytes } from './memory.ts'

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '10000' },
    publications: { type: 'string', default: '20' },
    cold: { type: 'boolean', default: false },
  },
})
const root = join(import.meta.dirname, '..')
const floor = { publishP99Ms: 5_000, longestPauseMs: 50 }
const now = new Date()

const about = machine()
const dataDir = await mkdtemp(join(tmpdir(), 'budayang-bench-'))
await chmod(dataDir, 0o755) // started by root, the database runs as somebody else, who must get in
const postgres = await startPostgres({ root, dataDir, copiesIn: dataDir, durable: true, temporary: true })
const { db, pool, close } = openDatabase(postgres.url)
try {
  await migrate(pool, join(root, 'server', 'db', 'migrations'))
  const { packs } = await loadPacks({ db, folder: join(root, 'knowledge', 'packs'), now })
  const shipped = packs.flatMap(({ entries }) => entries)
  const generated = generatedBase(Math.max(0, Number(values.entries) - shipped.length), Number(values.publications), 5)
  await fillUp(generated.kb)

  const log = { info: () => {}, error: console.error }
  // A base is tried when it has come to rest, which it does not do here.
  const knowledge = liveIndex({ db, log, cities: cities(packs), trialDelayMs: 3_600_000 })
  const built = await measured(() => knowledge.start())

  const idle = await measured(() => new Promise((resolve) => setTimeout(resolve, 5_000)))
  const golden = goldenSet(join(root, 'knowledge', 'golden'), log)
  const gate = publishing({ db, inTurn: publishTurns(db), knowledge, golden, published: () => {} })
  const rehearsed = values.cold ? undefined : await measured(() => gate.rehearse(() => true, now))
  const [author, checker] = await Promise.all(['author', 'checker'].map(aMember))
  const runs: Measured[] = []
  for (const [at, question] of generated.queries.entries()) {
    const id = await approved(at, question)
    const act = { staffId: checker ?? '', now: new Date() }
    runs.push(
      await measured(async () => {
        await gate.move(id, 'publish', act, { override: 'bench' })
        await knowledge.refresh()
      }),
    )
  }
  knowledge.stop()

  const ms = runs.map((run) => run.ms)
  const pauses = runs.map((run) => run.pause.ms)
  const worked = runs.flatMap((run) => run.pause.workedMs ?? [])
  const figures = {
    entries: knowledge.base().index.all(now.toISOString().slice(0, 10)).length,
    surfaces: knowledge.base().index.texts().length,
    publications: runs.length,
    first: runs[0],
    publishP50Ms: percentile(ms, 0.5),
    publishP99Ms: percentile(ms, 0.99),
    longestPauseMs: Math.max(...pauses),
    pauseP50Ms: percentile(pauses, 0.5),
    ...(worked.length > 0 && { mostWorkedMs: Math.max(...worked), workedP50Ms: percentile(worked, 0.5) }),
    cpuP50Ms: percentile(
      runs.map((run) => run.cpuMs),
      0.5,
    ),
    build: built,
    ...(rehearsed && { rehearsal: rehearsed }),
    mb: megabytes(heldBytes()),
    peakMb: megabytes(1_024 * process.resourceUsage().maxRSS),
  }
  const ok = figures.publishP99Ms <= floor.publishP99Ms && figures.longestPauseMs <= floor.longestPauseMs
  const control = { idleLongestPauseMs: idle.pause.ms }
  report({ bench: 'publish', ok, floor, measured: figures, control, machine: about })

  /** A new entry, or, every other time, one more question for a shipped one; written, submitted and approved. */
  async function approved(at: number, question: string): Promise<string> {
    return db.transaction().execute(async (tx) => {
      const texts = review(tx)
      const standing = shipped[at]
      const wording = standing?.wordings.at(-1)
      if (!standing || !wording) throw new Error('there are no packs')
      const by = { staffId: author ?? '', now }
      const { id } =
        at % 2 === 0
          ? await texts.draft({ ...wording, question, similar: [], notToConfuse: [] }, by)
          : await texts.revise(standing.id, { ...wording, similar: [...wording.similar.slice(0, 40), question] }, by)
      await texts.move(id, 'submit', by)
      await texts.move(id, 'approve', { staffId: checker ?? '', now })
      return id
    })
  }
} finally {
  await close()
  await postgres.stop()
  await rm(dataDir, { recursive: true, force: true })
}

type Measured = { ms: number; cpuMs: number; pause: Waited }

async function measured(work: () => Promise<unknown>): Promise<Measured> {
  const longest = longestWait()
  const began = performance.now()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  const cpuMs = Math.round((user + system) / 1_000)
  return { ms: Math.round(performance.now() - began), cpuMs, pause: longest() }
}

async function aMember(name: string): Promise<string> {
  return (await staff(db).create({ name, password: 'Bench-Password-1', roles: ['reviewer'] }, now)).staffId
}

/** As if packs had brought them. */
async function fillUp(kb: Parameters<typeof asPublished>[0]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const store = entriesStore(tx)
    await store.addEntries(
      kb.map(({ id }) => ({ id, pack: 'generated' })),
      now,
    )
    const texts = asPublished(kb)
    await store.addRevisions(
      texts.map(({ entryId, wording }) => ({ entryId, number: 1, state: 'published', wording, now })),
    )
    await store.bumpVersion(now)
  })
}
