/** How well the base answers: runs of the golden questions, pairs in each other's way, hits, what runs out. */
import { faultyField, Problem } from '../../contract/problem.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { businessDay } from '../../desk/working-days.ts'
import type { Answerer } from '../../knowledge/answerer.ts'
import { entriesStore } from '../../knowledge/entries.store.ts'
import { entryReportStore } from '../../knowledge/entry-report.store.ts'
import { goldenRunsStore } from '../../knowledge/golden-runs.store.ts'
import { livePairs } from '../../knowledge/live-pairs.ts'
import { keyOf, settledPairsStore } from '../../knowledge/settled-pairs.store.ts'
import type { Db } from '../db/database.ts'
import type { GoldenRuns } from '../golden-runs.ts'
import type { Doors } from './doors.ts'

const dayMs = 24 * 3_600_000
const reportDays = 30
const endingDays = 30
const confusionsShown = 3

type Parts = { db: Db; answers: () => Answerer; runs: GoldenRuns; now: () => Date }

export function editorsGoldenRoutes(doors: Doors, { db, answers, runs, now }: Parts): void {
  const store = goldenRunsStore(db)
  const since = () => new Date(now().getTime() - reportDays * dayMs)
  const pairsOn = livePairs(db)

  doors.open('GET /api/golden-runs', async ({ query }) => {
    const { rows, total } = await store.list(query.limit, query.offset)
    return { runs: rows, total, isRunning: runs.isRunning() }
  })
  doors.open('POST /api/golden-runs', ({ signedIn }) => {
    runs.begin({ cause: 'asked', staffId: signedIn.actor.staffId })
    return { isRunning: true }
  })
  doors.open('GET /api/golden-runs/:id', async ({ params, query }) => {
    const run = await store.run(params.id)
    if (!run) throw new Problem('not_found', `no golden run ${params.id}`)
    const { rows, total } = await store.missed(params.id, query)
    return { run, missed: rows, total }
  })

  doors.open('GET /api/entry-pairs', async ({ query }) => {
    const settled = await settledPairsStore(db).keys()
    const open = (await pairsOn(businessDay(now()))).filter(
      ({ kind, a, b }) => (!query.kind || kind === query.kind) && !settled.has(keyOf(kind, a.entryId, b.entryId)),
    )
    return { pairs: open.slice(query.offset, query.offset + query.limit), total: open.length }
  })
  doors.open('POST /api/entry-pairs/settled', async ({ body, signedIn }) => {
    const { staffId } = signedIn.actor
    if (body.a === body.b) throw faultyField('b', '应是两个不同的条目')
    await db.transaction().execute(async (tx) => {
      const known = await entriesStore(tx).packsOf([body.a, body.b])
      for (const name of ['a', 'b'] as const) if (!known.has(body[name])) throw faultyField(name, '没有这个编号的条目')
      await settledPairsStore(tx).settle({ ...body, staffId }, now())
      await auditStore(tx).record({ staffId, act: 'pair.settle', subject: keyOf(body.kind, body.a, body.b) }, now())
    })
    return { ok: true }
  })

  doors.open('GET /api/entry-hits', async ({ query }) => {
    const { never, ...filter } = query
    const { rows, total } = await entryReportStore(db).hits(since(), { ...filter, never: never === '1' })
    return { days: reportDays, hits: rows, total }
  })
  doors.open('GET /api/coverage', async () => ({ days: await entryReportStore(db).coverage(since()) }))
  doors.open('GET /api/entries-ending', async () => ({
    ending: await entryReportStore(db).ending(businessDay(now()), endingDays),
  }))

  doors.open('POST /api/confusions', ({ body }) => {
    const asked = { question: body.text, on: businessDay(now()) }
    const hits = answers().search(asked, confusionsShown + 1)
    const others = hits.filter(({ entryId }) => entryId !== body.entryId).slice(0, confusionsShown)
    return { confusions: others.map(({ entryId, question, score }) => ({ entryId, question, score })) }
  })
}
