/**
 * `npm run bench:answers -- FILE… [--asr]`: how well the answerer finds and decides on evaluation sets, one line of JSON a
 * file; beside it, in the same run over the same questions, how well ready-made search finds. --asr asks as the phone
 * does. Nothing is learned from a set: the answerer sees its entries as it would see a bureau's, and never its questions.
 */
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { answerer } from '../knowledge/answerer.ts'
import { calibrationSteps } from '../knowledge/calibration.ts'
import { cities } from '../knowledge/cities.ts'
import { entryIndex } from '../knowledge/search/entry-index.ts'
import { atOnce } from '../knowledge/search/steps.ts'
import { askedOn, asPublished } from './base.ts'
import { entriesOf, surfacesOf, type Baseline } from './baselines/baseline.ts'
import { bm25Words } from './baselines/bm25-words.ts'
import { flexsearch } from './baselines/flexsearch.ts'
import { minisearch } from './baselines/minisearch.ts'
import { nodeNlp, nodeNlpEntries } from './baselines/node-nlp.ts'
import { orama } from './baselines/orama.ts'
import { readSet, type EvaluationSet, type Query } from './evaluation-set.ts'
import { machine, percentile } from './figures.ts'
import { heldBytes, megabytes } from './memory.ts'
import { rankedDepth, ranking, share, type Ranking } from './ranking.ts'

const { values, positionals } = parseArgs({
  options: { asr: { type: 'boolean', default: false }, baselines: { type: 'boolean', default: true } },
  allowPositionals: true,
  allowNegative: true,
})
const about = machine()
if (positionals.length === 0) throw new Error('name at least one evaluation set')
for (const file of positionals) {
  const set = await readSet(file)
  const figures = measured(set, values.asr)
  const baselines = values.baselines ? await baselinesOver(set) : {}
  const floor = floorOf(set.kb.length)
  const ok =
    figures.p99Ms <= floor.p99Ms &&
    figures.falseFar <= floor.falseFar &&
    figures.falseNear <= floor.falseNear &&
    figures.falseUncovered <= floor.falseUncovered
  if (!ok) process.exitCode = 1
  const line = { bench: 'answers', file: basename(file), asr: values.asr, ok, floor, ...figures, baselines }
  // The last two keys are where a reader of any bench looks.
  process.stdout.write(`${JSON.stringify({ ...line, machine: about, measured: figures, control: baselines })}\n`)
}

function measured({ kb, queries }: EvaluationSet, voice: boolean) {
  const published = asPublished(kb)
  const before = heldBytes()
  const began = performance.now()
  const index = entryIndex(published, { cities: cities([]) })
  const thresholds = atOnce(calibrationSteps(index, askedOn))
  const bot = answerer(index, thresholds)
  const buildMs = Math.round(performance.now() - began)
  const mb = megabytes(heldBytes() - before)
  for (const { text } of queries.slice(0, 50)) bot.answer({ question: text, on: askedOn, voice })

  const tookMs: number[] = []
  const outcomes = queries.map(({ text }) => {
    const startedAt = performance.now()
    const answer = bot.answer({ question: text, on: askedOn, voice })
    tookMs.push(performance.now() - startedAt)
    return answer.outcome === 'answer' ? answer.entry?.id : undefined
  })
  const found = queries.map(({ text }) =>
    bot.search({ question: text, on: askedOn, voice }, rankedDepth).map(({ entryId }) => entryId),
  )
  return {
    entries: kb.length,
    thresholds: voice ? thresholds.voice : thresholds.text,
    ...ranking(queries, found),
    ...decisions(queries, outcomes),
    p50Ms: percentile(tookMs, 0.5),
    p99Ms: percentile(tookMs, 0.99),
    buildMs,
    mb,
  }
}

/** @param answered the entry each query was answered with, if any. */
function decisions(queries: readonly Query[], answered: readonly (string | undefined)[]) {
  const all = queries.map((query, at) => ({ ...query, entry: answered[at] }))
  const inScope = all.filter(({ relevant }) => relevant.length > 0)
  const given = inScope.filter(({ entry }) => entry !== undefined)
  const right = given.filter(({ relevant, entry }) => entry !== undefined && relevant.includes(entry))
  const falsely = (kind: Query['oos']) => {
    const some = all.filter(({ relevant, oos }) => relevant.length === 0 && oos === kind)
    return share(some.filter(({ entry }) => entry !== undefined).length, some.length)
  }
  return {
    answered: share(given.length, inScope.length),
    rightOfAnswered: share(right.length, given.length),
    falseFar: falsely('far'),
    falseNear: falsely('near'),
    falseUncovered: falsely('uncovered'),
  }
}

async function baselinesOver({ kb, queries }: EvaluationSet): Promise<Record<string, Ranking>> {
  const engines: Record<string, Baseline> = { flexsearch, minisearch, orama, bm25Words }
  if (kb.length <= nodeNlpEntries) engines.nodeNlp = nodeNlp
  const surfaces = surfacesOf(kb)
  const inScope = queries.filter(({ relevant }) => relevant.length > 0)
  const figures: Record<string, Ranking> = {}
  for (const [name, build] of Object.entries(engines)) {
    const search = await build(surfaces)
    const found: string[][] = []
    for (const { text } of inScope) found.push(entriesOf(await search(text)))
    figures[name] = ranking(inScope, found)
  }
  return figures
}

function floorOf(entries: number) {
  const p99Ms = entries <= 1_000 ? 10 : entries <= 10_000 ? 15 : 50
  return { p99Ms, falseFar: 2, falseNear: 1, falseUncovered: 10 }
}
