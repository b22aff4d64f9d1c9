/** What a publication costs may not show in what is found, nor in what the gate says: the short ways beside the long ones. */
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Wording } from '../../contract/entry.ts'
import { answerer } from '../../knowledge/answerer.ts'
import { cities, type Cities } from '../../knowledge/cities.ts'
import type { PublishedRevision } from '../../knowledge/entries.store.ts'
import { clusters, comparedForm } from '../../knowledge/gap-clusters.ts'
import { fateOf, isWorse, rowsTried, withPublished, type TriedRow } from '../../knowledge/gate.ts'
import { nearToSteps } from '../../knowledge/gate-near.ts'
import { trial } from '../../knowledge/gate-trial.ts'
import { readGolden, type GoldenRow } from '../../knowledge/golden.ts'
import { readPacks } from '../../knowledge/pack-folder.ts'
import { inOrder } from '../../knowledge/published-texts.ts'
import { concordance, type Concordance } from '../../knowledge/search/concordance.ts'
import { entryIndex, type EntryIndex } from '../../knowledge/search/entry-index.ts'
import { atOnce } from '../../knowledge/search/steps.ts'
import { normalise } from '../../knowledge/text/normalise.ts'

const on = '2026-11-22'
const folder = join(import.meta.dirname, '..', '..', 'knowledge')
let known: Cities
let book: Concordance
let base: PublishedRevision[]
let golden: GoldenRow[]
let made = 0

beforeAll(async () => {
  const { packs } = await readPacks(join(folder, 'packs'))
  known = cities(packs)
  book = concordance(known)
  const wordings = packs.flatMap(({ entries }) => entries.flatMap((e) => e.wordings.map((w) => [e.id, w] as const)))
  // Still more than FlexSearch is given.
  const half = wordings.filter((_, at) => at % 2 === 0)
  base = inOrder(half.map(([entryId, wording]) => text(entryId, wording)))
  golden = await readGolden(join(folder, 'golden', 'golden.fit.jsonl'))
})

const text = (entryId: string, wording: Wording): PublishedRevision => {
  const id = `00000000-0000-4000-8000-${String(made++).padStart(12, '0')}`
  return { id, entryId, example: false, wording }
}
/** @param some of the base, by its region and a number. */
function anEntry(isCity: boolean, nth: number): PublishedRevision {
  return base.filter(({ wording }) => (wording.region !== undefined) === isCity)[nth] ?? expect.unreachable('no such')
}
const publish = (texts: readonly PublishedRevision[], fresh: PublishedRevision) =>
  inOrder(withPublished(texts, [fresh]))

function found(index: EntryIndex, { text: question, region, kind }: GoldenRow) {
  const look = { on, voice: kind === 'asr', ...(region && { regions: [region] }) }
  return index.hits(known.takenOut(normalise(question)).text, look).map(({ revision, text: hit, score, evidence }) => {
    const { weight, length, covered, ownQuestion } = evidence
    return [revision.id, hit, score, weight, length, covered, ownQuestion()]
  })
}

describe('a base of which single texts changed', () => {
  it('is searched as if all of it had just been read', { timeout: 120_000 }, () => {
    const [national, other, city] = [anEntry(false, 30), anEntry(false, 100), anEntry(true, 3)]
    let texts = base
    entryIndex(texts, { cities: known, book })
    for (const fresh of [
      text('fresh', { ...national.wording, question: '直升机送药要多少钱', similar: ['无人机送药', '飞机送药收费吗'] }),
      text(other.entryId, { ...other.wording, similar: [...other.wording.similar.slice(0, 9), '火星上看病报不报'] }),
      text(city.entryId, { ...city.wording, similar: [...city.wording.similar.slice(3), national.wording.question] }),
    ]) {
      texts = publish(texts, fresh)
      entryIndex(texts, { cities: known, book })
    }
    texts = texts.filter(({ entryId }) => entryId !== national.entryId)
    const [short, long] = [entryIndex(texts, { cities: known, book }), entryIndex(texts, { cities: known })]
    const rows = golden.filter((_, at) => at % 20 === 0)
    expect(rows.filter((row) => JSON.stringify(found(short, row)) !== JSON.stringify(found(long, row)))).toEqual([])
    expect(rows.flatMap((row) => found(short, row)).length).toBeGreaterThan(rows.length)
  })
})

describe('the gate', () => {
  /** By the rule as it stands in gate.ts and gate-trial.ts, every row asked of both bases. */
  function byTheRule(rows: Iterable<TriedRow>, live: EntryIndex, next: EntryIndex, id: string, changed: string[]) {
    const forms = [...new Set(changed.map(comparedForm))].map((compared) => ({ gapId: 'changed', compared }))
    const near = { golden: clusters(forms, 0.25), surface: clusters(forms, 0.6) }
    const [before, after] = [answerer(live), answerer(next)]
    const counts = { looked: 0, worse: [] as string[], better: [] as string[] }
    for (const row of rows) {
      if (!near[row.golden ? 'golden' : 'surface'].find(comparedForm(row.question))) continue
      const asked = { question: row.question, region: row.region, insurance: row.insurance, voice: row.voice, on }
      if (![before, after].some((bot) => bot.search(asked, 10).some(({ entryId }) => entryId === id))) continue
      counts.looked++
      const [was, becomes] = [before, after].map((bot) => fateOf(row.expected, bot.answer(asked)))
      if (was && becomes && isWorse(was, becomes)) counts.worse.push(row.question)
      if (was && becomes && isWorse(becomes, was)) counts.better.push(row.question)
    }
    return counts
  }

  it('says of a publication what it says when nothing is spared', { timeout: 120_000 }, async () => {
    const [victim, thief] = [anEntry(false, 30), anEntry(false, 100)]
    const similar = [
      ...thief.wording.similar.slice(0, 20),
      victim.wording.question,
      ...victim.wording.similar.slice(0, 4),
    ]
    const fresh = text(thief.entryId, { ...thief.wording, similar })
    const after = publish(base, fresh)
    const [live, next] = [base, after].map((texts) => entryIndex(texts, { cities: known, book }))
    if (!live || !next) throw new Error('both were built')
    const changed = [thief, fresh].flatMap(({ wording }) => [wording.question, ...wording.similar])
    const rows = [...rowsTried(golden, after, new Set([thief.entryId]))].filter((_, at) => at % 3 === 0)
    const { looked, worse, better } = await trial({
      rows,
      before: answerer(live),
      after: answerer(next),
      changed: new Set([thief.entryId]),
      surfaces: changed,
      on,
    })
    const expected = byTheRule(rows, live, next, thief.entryId, changed)
    expect(expected.looked).toBeGreaterThan(10)
    expect(expected.worse.length).toBeGreaterThan(0)
    const questions = (some: typeof worse) => some.map(({ row }) => row.question)
    expect({ looked, worse: questions(worse), better: questions(better) }).toEqual(expected)
  })

  it('takes for near what is found near when every pair is compared', () => {
    const words = [
      '医保',
      '报销',
      '怎么',
      '办理',
      '新生儿',
      '异地',
      '备案',
      '住院',
      '多少钱',
      '卡',
      'abc',
      '12393',
      '的',
    ]
    const question = fc.array(fc.constantFrom(...words), { maxLength: 7 }).map((some) => some.join(''))
    fc.assert(
      fc.property(
        fc.array(question, { minLength: 1, maxLength: 5 }),
        fc.array(question, { maxLength: 20 }),
        fc.constantFrom(0.25, 0.6, 0.9, 1),
        (changed, asked, from) => {
          const forms = [...new Set(changed.map(comparedForm))].map((compared) => ({ gapId: 'changed', compared }))
          const every = clusters(forms, from)
          const isNear = atOnce(nearToSteps(changed, from))
          for (const one of asked) expect(isNear(one)).toBe(every.find(comparedForm(one)) !== undefined)
        },
      ),
    )
  })
})
