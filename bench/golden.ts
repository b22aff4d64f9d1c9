/**
 * `npm run bench:golden -- [FILE] [--misses]`: how the shipped packs answer the golden questions (knowledge/golden/), one line
 * of JSON; a second line for real questions from elsewhere, where somebody has labelled them. What is known of a row's
 * asker is handed to the answerer. --misses first tells which rows went wrong, and refuses rows kept for measuring.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Insurance } from '../contract/text.ts'
import { answerer } from '../knowledge/answerer.ts'
import { calibrationSteps } from '../knowledge/calibration.ts'
import { cities } from '../knowledge/cities.ts'
import type { PublishedRevision } from '../knowledge/entries.store.ts'
import { readGolden, readGoldenLabels } from '../knowledge/golden.ts'
import { readPacks } from '../knowledge/pack-folder.ts'
import { entryIndex } from '../knowledge/search/entry-index.ts'
import { atOnce } from '../knowledge/search/steps.ts'
import { askedOn } from './base.ts'
import { entriesOf, surfacesOf } from './baselines/baseline.ts'
import { bm25Words } from './baselines/bm25-words.ts'
import { machine } from './figures.ts'
import { falselyAnswered, figuresOf, missOf, rankingOf, type TriedRow } from './golden-figures.ts'
import { rankedDepth } from './ranking.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const keptBack = here('../knowledge/golden/golden.test.jsonl')
const labelFile = here('../knowledge/golden/yibao-labels.jsonl')
const realQuestions = here('../../shared/data/eval/yibao-questions.dev.jsonl')
const floor = { p99Ms: 10, falseFar: 2, falseNear: 1, falseUncovered: 10 }

type Row = Pick<TriedRow, 'id' | 'text' | 'entry' | 'kind'> & { region?: string; insurance?: Insurance }

const { values, positionals } = parseArgs({
  options: { misses: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [file = keptBack] = positionals
const rows = (await readGolden(file)).filter((row) => !('planned' in row))
if (values.misses) {
  const kept = new Set((await readGolden(keptBack)).map(({ id }) => id))
  if (rows.some(({ id }) => kept.has(id))) throw new Error('rows kept for measuring are not told one by one')
}

const about = machine()
const { packs } = await readPacks(here('../knowledge/packs'))
const published = asLoaded()
const index = entryIndex(published, { cities: cities(packs) })
const thresholds = atOnce(calibrationSteps(index, askedOn))
const bot = answerer(index, thresholds)
for (const voice of [false, true]) tried(rows.slice(0, 50), voice)
const written = tried(
  rows.filter(({ kind }) => kind !== 'asr'),
  false,
)
const spoken = tried(
  rows.filter(({ kind }) => kind !== 'clean'),
  true,
)
if (values.misses) {
  const once = [...written, ...spoken.filter(({ kind }) => kind === 'asr')]
  for (const miss of once.flatMap((row) => missOf(row) ?? [])) process.stdout.write(`${miss}\n`)
}

const measured = { ...byKind(written), asr: byKind(spoken) }
const ok = [measured, measured.asr].every(
  ({ p99Ms, falseFar, falseNear, falseUncovered }) =>
    p99Ms <= floor.p99Ms &&
    falseFar <= floor.falseFar &&
    falseNear <= floor.falseNear &&
    falseUncovered <= floor.falseUncovered,
)
if (!ok) process.exitCode = 1
const line = { bench: 'golden', file: basename(file), ok, floor, entries: index.all(askedOn).length, thresholds }
const control = { bm25Words: await plainSearch(written) }
process.stdout.write(`${JSON.stringify({ ...line, ...measured, machine: about, measured, control })}\n`)
process.stdout.write(`${JSON.stringify({ bench: 'golden-yibao', ...(await onRealQuestions()) })}\n`)

/** As the loader publishes the packs into an empty base. */
function asLoaded(): PublishedRevision[] {
  const wordings = packs.flatMap(({ entries }) => entries.flatMap((e) => e.wordings.map((w) => [e.id, w] as const)))
  return wordings.map(([entryId, wording], at) => {
    return { id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`, entryId, example: true, wording }
  })
}

function tried(some: readonly Row[], voice: boolean): TriedRow[] {
  return some.map(({ id, text, entry, kind, region, insurance }) => {
    const asked = { question: text, region, insurance, on: askedOn, voice }
    const startedAt = performance.now()
    const answer = bot.answer(asked)
    const ms = performance.now() - startedAt
    const found = bot.search(asked, rankedDepth).map(({ entryId }) => entryId)
    const answered = answer.outcome === 'answer' ? answer.entry?.id : undefined
    const choices = answer.outcome === 'ask-back' ? (answer.choices ?? []).map((choice) => choice.id) : []
    return { id, text, entry, kind, found, answered, choices, ms }
  })
}

function byKind(some: readonly TriedRow[]) {
  return {
    ...figuresOf(some),
    falseFar: falselyAnswered(some, 'far'),
    falseNear: falselyAnswered(some, 'near'),
    falseUncovered: falselyAnswered(some, 'uncovered'),
  }
}

/** The usual search over the same texts, which knows of no city. */
async function plainSearch(some: readonly TriedRow[]) {
  const kb = index.all(askedOn).map(({ entryId, wording }) => ({ id: entryId, ...wording }))
  const search = await bm25Words(surfacesOf(kb))
  const found: string[][] = []
  for (const { text } of some) found.push(entriesOf(await search(text)))
  return rankingOf(some, found)
}

async function onRealQuestions() {
  for (const needed of [labelFile, realQuestions])
    if (!existsSync(needed)) return { skipped: `there is no ${basename(needed)}` }
  const lines = (await readFile(realQuestions, 'utf8')).split('\n').filter((one) => one.trim() !== '')
  const questions = lines.map((one) => z.object({ id: z.string(), text: z.string() }).parse(JSON.parse(one)))
  const texts = new Map(questions.map(({ id, text }) => [id, text]))
  const known = new Set(published.map(({ entryId }) => entryId))
  const labels = await readGoldenLabels(labelFile)
  const labelled = labels.flatMap(({ id, entry }): Row[] => {
    const text = texts.get(id)
    if (text === undefined) throw new Error(`${basename(realQuestions)} has no question ${id}`)
    if (entry !== null && !known.has(entry)) throw new Error(`${id} names ${entry}, which no pack holds`)
    return [{ id, text, entry }]
  })
  const outcome = tried(labelled, false)
  const isUnread = ({ id }: TriedRow) => Number(/\d+$/.exec(id)?.[0]) % 2 === 1
  const figures = (some: readonly TriedRow[]) => ({ ...figuresOf(some), falseAnswers: falselyAnswered(some) })
  return { labelled: labelled.length, ...figures(outcome), unread: figures(outcome.filter(isUnread)) }
}
