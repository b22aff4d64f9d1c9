import { describe, expect, it } from 'vitest'
import type { Answer } from '../../contract/answer.ts'
import type { Wording } from '../../contract/entry.ts'
import { goldenFates } from '../../contract/golden.ts'
import { answerer } from '../../knowledge/answerer.ts'
import { cities } from '../../knowledge/cities.ts'
import type { PublishedRevision } from '../../knowledge/entries.store.ts'
import {
  changesSearch,
  fateOf,
  goldenTried,
  isWorse,
  surfacesTried,
  withPublished,
  type TriedRow,
} from '../../knowledge/gate.ts'
import { halfOf } from '../../knowledge/golden.ts'
import { trial } from '../../knowledge/gate-trial.ts'
import { entryIndex } from '../../knowledge/search/entry-index.ts'
import { aWording } from '../support/wording.ts'

const on = '2026-11-22'
const published = (entryId: string, given: Partial<Wording>): PublishedRevision => ({
  id: entryId,
  entryId,
  wording: aWording({ similar: [], ...given }),
  example: false,
})
const told = (id: string): Answer => ({
  outcome: 'answer',
  entry: { id, revision: '0e5dd1f0-52d8-4a3a-8f61-1d1a3a0f3f11', question: id },
  score: 0.9,
})
const offered = (...ids: string[]): Answer => ({
  outcome: 'ask-back',
  choices: ids.map((id) => ({ id, question: id })),
  score: 0.5,
})
const unknown: Answer = { outcome: 'unknown', score: 0.1 }

describe('what becomes of a question', () => {
  it.each([
    ['card', told('card'), 'right'],
    ['card', offered('pay', 'card'), 'offered'],
    ['card', offered('pay'), 'withheld'],
    ['card', unknown, 'withheld'],
    ['card', told('pay'), 'wrong'],
    [null, unknown, 'right'],
    [null, offered('pay'), 'offered'],
    [null, told('pay'), 'wrong'],
  ] as const)('that %s answers', (expected, answer, fate) => expect(fateOf(expected, answer)).toBe(fate))

  it('is worse the further down it falls, and never when it stays or rises', () => {
    for (const [a, before] of goldenFates.entries())
      for (const [b, after] of goldenFates.entries()) expect(isWorse(before, after)).toBe(b > a)
  })
})

describe('publishing', () => {
  const old = published('card', { question: '医保卡丢了怎么办', validFrom: '2026-01-01' })

  it('lets later texts of the entry give way, and leaves earlier ones and other entries', () => {
    const other = published('pay', { question: '医保费怎么交' })
    const fresh = { ...published('card', { question: '医保卡怎么补', validFrom: '2026-01-01' }), id: 'fresh' }
    expect(withPublished([old, other], [fresh]).map(({ id }) => id)).toEqual(['pay', 'fresh'])
    const later = { ...published('card', { validFrom: '2027-01-01' }), id: 'later' }
    expect(withPublished([old, other], [later]).map(({ id }) => id)).toEqual(['card', 'pay', 'later'])
  })

  it('changes what is found by new questions, and not by a new answer', () => {
    const answer = published('card', { question: '医保卡丢了怎么办', validFrom: '2026-01-01', answer: '挂失后补办。' })
    expect(changesSearch([old], answer, on)).toBe(false)
    expect(changesSearch([old], published('card', { question: '医保卡怎么补办' }), on)).toBe(true)
    expect(changesSearch([], old, on)).toBe(true)
  })

  it('is tried on what editors wrote for the other entries', () => {
    const rows = [
      ...surfacesTried([old, published('pay', { question: '交费', similar: ['怎么交'] })], new Set(['card'])),
    ]
    expect(rows.map(({ question, expected }) => [question, expected])).toEqual([
      ['交费', 'pay'],
      ['怎么交', 'pay'],
    ])
  })

  it('is tried on golden questions as they were asked', () => {
    expect(goldenTried({ id: 'g-card-1', text: '卡掉了', entry: 'card', kind: 'asr' })).toMatchObject({
      expected: 'card',
      voice: true,
      golden: true,
    })
    const halves = Array.from({ length: 12 }, (_, at) => `card-${at}`).map(
      (entry) => ({ id: 'g-a-1', text: '问', entry, kind: 'clean' }) as const,
    )
    expect(halves.map((row) => goldenTried(row).keptBack ?? false)).toEqual(halves.map((row) => halfOf(row) === 'test'))
    expect(new Set(halves.map((row) => halfOf(row))).size).toBe(2)
    expect(goldenTried({ id: 'g-far-1', text: '下雨吗', entry: null, kind: 'far' })).toMatchObject({ expected: null })
  })
})

describe('a trial', () => {
  const base = [
    published('card', { question: '医保卡丢了怎么补办', similar: ['医保卡掉了怎么挂失'] }),
    published('pay', { question: '居民医保费用怎么交' }),
    published('away', { question: '异地就医怎么备案' }),
  ]
  const answers = (texts: readonly PublishedRevision[]) => answerer(entryIndex(texts, { cities: cities([]) }))
  const rows: TriedRow[] = [
    { question: '我的医保卡丢了怎么补办', expected: 'card', voice: false, golden: true },
    { question: '异地就医备案怎么办', expected: 'away', voice: false, golden: true },
    { question: '今天天气怎么样', expected: null, voice: false, golden: true },
  ]
  const run = (fresh: PublishedRevision) =>
    trial({
      rows,
      before: answers(base),
      after: answers(withPublished(base, [fresh])),
      changed: new Set([fresh.entryId]),
      surfaces: [fresh.wording.question, ...fresh.wording.similar],
      on,
    })

  it('finds the question that an entry would take away from another', async () => {
    const thief = published('thief', { question: '社保卡丢失补办', similar: ['我的医保卡丢了怎么补办'] })
    const { looked, worse } = await run(thief)
    expect(looked).toBe(1)
    expect(worse).toMatchObject([{ row: { expected: 'card' }, before: 'right', after: 'wrong' }])
  })

  it('finds nothing where an entry takes nothing away', async () => {
    const { worse } = await run(published('dental', { question: '种植牙能报销吗', similar: ['种牙报不报'] }))
    expect(worse).toEqual([])
  })

  it('does not look at what the entry does not come near', async () => {
    const { looked } = await run(published('rain', { question: '无人机怎么年检' }))
    expect(looked).toBe(0)
  })
})
