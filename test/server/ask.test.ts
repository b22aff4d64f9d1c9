/** POST /api/ask, the open door to the answerer: approved text word for word, or honestly nothing; and no trace. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerSchema, type Answer, type Ask } from '../../contract/answer.ts'
import type { Wording } from '../../contract/entry.ts'
import { entriesStore } from '../../knowledge/entries.store.ts'
import { aHotline, root, type TestHotline } from '../support/hotline.ts'
import { ask as knock, signedIn, type HttpClient } from '../support/http-client.ts'
import { rowCounts } from '../support/row-counts.ts'
import { aWording } from '../support/wording.ts'

const naughty = join(root, '..', 'shared', 'data', 'naughty')

let hotline: TestHotline
let editor: HttpClient
let reviewer: HttpClient
beforeAll(async () => {
  hotline = await aHotline({ now: () => new Date('2026-11-22T04:00:00Z') })
  editor = await signedIn(hotline.url, await hotline.aMember('editor'))
  reviewer = await signedIn(hotline.url, await hotline.aMember('reviewer'))
})
afterAll(() => hotline.close())

async function ask(asked: Ask): Promise<Answer> {
  const { status, body } = await knock(hotline.url, 'POST', '/api/ask', asked)
  expect({ status, body }).toMatchObject({ status: 200 })
  return answerSchema.strict().parse(body)
}

/** Writes, submits, approves and publishes, as two people do it. */
async function publish(id: string, wording: Wording, isNew = true): Promise<string> {
  const address = isNew ? '/api/entries' : `/api/entries/${id}/revisions`
  const { status, body } = await editor.post(address, isNew ? { id, wording } : { wording })
  expect({ status, body }).toMatchObject({ status: 200 })
  const { id: revision } = body.revision as { id: string }
  for (const [who, move] of [
    [editor, 'submit'],
    [reviewer, 'approve'],
    [editor, 'publish'],
  ] as const)
    expect(await who.post(`/api/revisions/${revision}/${move}`)).toMatchObject({ status: 200 })
  return revision
}

describe('a question that is in the knowledge base', () => {
  it('is answered with that entry’s text and sources, word for word, for every entry that ships', async () => {
    const published = await entriesStore(hotline.db).published()
    expect(published.length).toBeGreaterThan(300)
    const wrong: string[] = []
    for (const { id, entryId, wording } of published) {
      const { question, region, insurance, validFrom } = wording
      const on = validFrom > '2026-11-22' ? validFrom : '2026-11-22'
      const { outcome, entry, answer } = await ask({ question, region, insurance, on })
      const isWhole =
        outcome === 'answer' &&
        entry?.id === entryId &&
        entry.revision === id &&
        answer?.text === wording.answer &&
        answer.spoken === wording.spoken &&
        isDeepStrictEqual(answer.sources, wording.sources) &&
        isDeepStrictEqual(answer.guide, wording.guide)
      if (!isWhole) wrong.push(`${entryId}: ${question} -> ${outcome} ${entry?.id}`)
    }
    expect(wrong).toEqual([])
  })

  it('is answered for a city by its name, its short name and its code alike', async () => {
    await publish('test-mars', aWording({ question: '火星移民补贴怎么申领', similar: ['火星补贴'], region: '340600' }))
    const answers = []
    for (const region of ['340600', '淮北', '淮北市', '淮北'])
      answers.push(await ask({ question: '火星移民补贴怎么申领', region }))
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(answers[0]).toMatchObject({ outcome: 'answer', entry: { id: 'test-mars' } })
  })

  it('is not answered with another city’s text', async () => {
    for (const region of ['141100', '吕梁', '110000', '没有这个市']) {
      const { entry } = await ask({ question: '火星移民补贴怎么申领', region })
      expect(entry?.id).not.toBe('test-mars')
    }
  })

  it('is answered at once after it was published, and no more after it was withdrawn', async () => {
    const revision = await publish('test-moon', aWording({ question: '月球基地的氧气怎么补给', similar: [] }))
    expect(await ask({ question: '月球基地的氧气怎么补给' })).toMatchObject({
      outcome: 'answer',
      entry: { id: 'test-moon', revision },
      answer: { example: false },
    })
    expect(await reviewer.post(`/api/revisions/${revision}/withdraw`)).toMatchObject({ status: 200 })
    expect((await ask({ question: '月球基地的氧气怎么补给' })).entry?.id).not.toBe('test-moon')
  })

  it('is not answered with a draft, nor with what only waits for its approval', async () => {
    const wording = aWording({ question: '土星住院怎么备案', similar: [] })
    const { body } = await editor.post('/api/entries', { id: 'test-saturn', wording })
    const { id } = body.revision as { id: string }
    expect((await ask({ question: '土星住院怎么备案' })).entry?.id).not.toBe('test-saturn')
    await editor.post(`/api/revisions/${id}/submit`)
    expect((await ask({ question: '土星住院怎么备案' })).entry?.id).not.toBe('test-saturn')
    await reviewer.post(`/api/revisions/${id}/approve`)
    expect((await ask({ question: '土星住院怎么备案' })).entry?.id).not.toBe('test-saturn')
  })
})

describe('the day asked about', () => {
  const question = '木星医保缴费标准是多少'
  beforeAll(async () => {
    const old = { question, similar: [], answer: '每年四百元。', validFrom: '2026-01-01', validUntil: '2026-12-31' }
    await publish('test-jupiter', aWording(old))
    const next = {
      question,
      similar: [],
      answer: '每年四百二十元。',
      validFrom: '2027-01-01',
      validUntil: '2027-12-31',
    }
    await publish('test-jupiter', aWording(next), false)
  })

  it.each([
    ['2025-12-31', undefined],
    ['2026-01-01', '每年四百元。'],
    ['2026-12-31', '每年四百元。'],
    ['2027-01-01', '每年四百二十元。'],
    ['2027-12-31', '每年四百二十元。'],
    ['2028-01-01', undefined],
  ])('%s has the text of that day', async (on, text) => {
    const { entry, answer } = await ask({ question, on })
    expect(entry?.id === 'test-jupiter' ? answer?.text : undefined).toBe(text)
  })

  it('is today where none is named', async () => {
    expect((await ask({ question })).answer).toMatchObject({
      text: '每年四百元。',
      validFrom: '2026-01-01',
      validUntil: '2026-12-31',
    })
  })
})

describe('a question that nobody wrote an answer to', () => {
  it.each(['量子引力的重整化方案有哪些', 'asdfghjkl qwertyuiop', '？？？', '🤔🤔🤔', '1', "'; drop table turn; --"])(
    'is not answered: %s',
    async (question) => {
      const { outcome, answer, score } = await ask({ question })
      expect(outcome).not.toBe('answer')
      expect(answer).toBeUndefined()
      expect(score).toBeLessThan(1)
    },
  )

  it('offers at most three choices, each of them an entry’s own question', async () => {
    const questions = new Map(
      (await entriesStore(hotline.db).published()).map((one) => [one.entryId, one.wording.question]),
    )
    const { outcome, choices = [] } = await ask({ question: '报销' })
    expect(outcome).toBe('ask-back')
    expect(choices.length).toBeGreaterThan(0)
    expect(choices.length).toBeLessThanOrEqual(3)
    for (const choice of choices) expect(choice.question).toContain(questions.get(choice.id))
  })
})

it.skipIf(!existsSync(naughty))('meets every naughty string with a decision or a refusal', async () => {
  const read = (file: string) => JSON.parse(readFileSync(join(naughty, file), 'utf8')) as unknown[]
  const strings = [...read('blns.json'), ...read('cjk-torture.json').map((one) => (one as { s: string }).s)]
  expect(strings.length).toBeGreaterThan(600)
  const statuses = await Promise.all(
    strings.map(async (question) => (await knock(hotline.url, 'POST', '/api/ask', { question })).status),
  )
  expect(statuses.filter((status) => ![200, 400, 413].includes(status))).toEqual([])
})

it('leaves no trace of a question', async () => {
  const before = await rowCounts(hotline.database.pool)
  await ask({ question: '新生儿怎么参保', region: '淮北', insurance: 'resident', on: '2026-11-22', voice: true })
  await ask({ question: '我叫张三，身份证 11010519491231002X，怎么办' })
  expect(await rowCounts(hotline.database.pool)).toEqual(before)
})
