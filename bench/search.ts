/**
 * `npm run bench:search -- --entries 1000,10000,100000 [--similar 0]`: how large a base one process can decide over, one line
 * of JSON a size. The entries are generated, one question and so many similar ones each, in the proportions of Chinese: words from the language's
 * dictionary, frequent ones often. The control is FlexSearch alone over the same questions, without any decision.
 */
import { parseArgs } from 'node:util'
import { answerer } from '../knowledge/answerer.ts'
import { cities } from '../knowledge/cities.ts'
import { entryIndexSteps } from '../knowledge/search/entry-index.ts'
import { inSlices } from '../knowledge/search/steps.ts'
import { askedOn, asPublished } from './base.ts'
import { surfacesOf } from './baselines/baseline.ts'
import { flexsearch } from './baselines/flexsearch.ts'
import { machine, percentile } from './figures.ts'
import { generatedBase } from './generated-base.ts'
import { longestWait } from './longest-wait.ts'
import { heldBytes, megabytes } from './memory.ts'

const { values } = parseArgs({
  options: { entries: { type: 'string', default: '1000,10000,100000' }, similar: { type: 'string', default: '0' } },
})
const similar = Number(values.similar)
const asked = 2_000
const about = machine()

for (const size of values.entries.split(',').map(Number)) {
  const { kb, queries } = generatedBase(size, asked, similar)
  const ours = await decided(kb, queries)
  const control = await looked(kb, queries)
  const floor = { p99Ms: size <= 1_000 ? 10 : size <= 10_000 ? 15 : 50, mb: 500, longestStepMs: 50 }
  const ok = ours.p99Ms <= floor.p99Ms && ours.mb <= floor.mb && ours.longestStepMs <= floor.longestStepMs
  if (!ok) process.exitCode = 1
  const line = { bench: 'search', entries: size, similar, ok, floor, ...ours, baselines: { flexsearch: control } }
  process.stdout.write(`${JSON.stringify({ ...line, machine: about, measured: ours, control })}\n`)
}

async function decided(kb: ReturnType<typeof generatedBase>['kb'], queries: readonly string[]) {
  const published = asPublished(kb)
  const before = heldBytes()
  const began = performance.now()
  const longest = longestWait()
  const bot = answerer(await inSlices(entryIndexSteps(published, { cities: cities([]) })))
  const buildMs = Math.round(performance.now() - began)
  const { ms: longestStepMs, workedMs: longestStepWorkedMs } = longest()
  const mb = megabytes(heldBytes() - before)
  for (const voice of [false, true])
    for (const question of queries.slice(0, 100)) bot.answer({ question, on: askedOn, voice })
  const text = timed(queries, (question) => bot.answer({ question, on: askedOn }))
  const voice = timed(queries, (question) => bot.answer({ question, on: askedOn, voice: true }))
  return {
    buildMs,
    longestStepMs,
    longestStepWorkedMs,
    p50Ms: percentile(text, 0.5),
    p99Ms: percentile(text, 0.99),
    voiceP50Ms: percentile(voice, 0.5),
    voiceP99Ms: percentile(voice, 0.99),
    mb,
    mbAfter: megabytes(heldBytes() - before),
  }
}

async function looked(kb: ReturnType<typeof generatedBase>['kb'], queries: readonly string[]) {
  const before = heldBytes()
  const began = performance.now()
  const search = await flexsearch(surfacesOf(kb))
  const buildMs = Math.round(performance.now() - began)
  const mb = megabytes(heldBytes() - before)
  const ms = timed(queries, (question) => search(question))
  return { buildMs, p50Ms: percentile(ms, 0.5), p99Ms: percentile(ms, 0.99), mb }
}

function timed(queries: readonly string[], ask: (question: string) => unknown): number[] {
  return queries.map((question) => {
    const startedAt = performance.now()
    ask(question)
    return performance.now() - startedAt
  })
}
