import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { answerer } from '../../knowledge/answerer.ts'
import { cities } from '../../knowledge/cities.ts'
import { embeddingEndpoint } from '../../knowledge/embedding-endpoint.ts'
import type { PublishedRevision } from '../../knowledge/entries.store.ts'
import { meanings } from '../../knowledge/meanings.ts'
import { entryIndex } from '../../knowledge/search/entry-index.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aWording } from '../support/wording.ts'

const text = (entryId: string, question: string): PublishedRevision => ({
  id: `00000000-0000-4000-8000-${entryId.padStart(12, '0')}`,
  entryId,
  example: false,
  wording: aWording({ question, similar: [] }),
})
const index = entryIndex([text('1', '医保断缴了怎么办'), text('2', '医保中断以后怎么恢复')], { cities: cities([]) })
const bot = answerer(index)
const question = '医保断了怎么接上'
const byWords = bot.answer({ question, on: '2026-11-22' })

/** Says what the test tells it; "恢复" and "接上" mean the same to it, and nothing else does. */
async function aService(reply: 'vectors' | 'never' | 'broken' | 'nonsense' = 'vectors') {
  const asked: { input: string[]; model: string; key?: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      const { input, model } = JSON.parse(body) as { input: string[]; model: string }
      asked.push({ input, model, key: request.headers.authorization })
      if (reply === 'never') return
      if (reply === 'broken') return void response.writeHead(503).end()
      const embedding = (said: string) => (/恢复|接上/.test(said) ? [1, 0.1] : [0.1, 1])
      const data = input.map((said, at) => ({ index: at, embedding: embedding(said) })).reverse()
      response.setHeader('content-type', 'application/json')
      response.end(reply === 'nonsense' ? '{"data": "none"}' : JSON.stringify({ data }))
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { asked, url: `http://127.0.0.1:${port}/v1/embeddings` }
}

const closers: (() => void)[] = []
let database: TestDatabase
beforeAll(async () => {
  database = await aDatabase()
})
afterEach(() => {
  for (const close of closers.splice(0)) close()
})
afterAll(() => database.drop())

const errors: unknown[] = []
const log = { error: (about: object) => void errors.push(about) }
const over = (url: string, model: string, now?: () => Date) =>
  meanings({ db: database.db, endpoint: embeddingEndpoint({ url, key: 'secret', model }), log, now })

describe('an embedding service', () => {
  it('changes which of the questions found by words is meant', async () => {
    const service = await aService()
    const meaning = over(service.url, 'm1')
    await meaning.learn(index.texts())
    const alike = await meaning.alikeTo(question)
    expect(bot.search({ question, on: '2026-11-22' }, 1)[0]?.entryId).toBe('1')
    expect(bot.search({ question, on: '2026-11-22', alike }, 1)[0]?.entryId).toBe('2')
    expect(service.asked[0]).toMatchObject({ model: 'm1', key: 'Bearer secret' })
  })

  it('leaves a question that is there word for word alone', async () => {
    const meaning = over((await aService()).url, 'm1')
    await meaning.learn(index.texts())
    const alike = await meaning.alikeTo('医保断缴了怎么接上')
    const answer = bot.answer({ question: '医保断缴了怎么办', on: '2026-11-22', alike })
    expect(answer).toMatchObject({ outcome: 'answer', entry: { id: '1' }, score: 1 })
  })

  it('is asked once for each text, whoever asks and however often', async () => {
    const first = await aService()
    await over(first.url, 'm2').learn(index.texts())
    const second = await aService()
    const meaning = over(second.url, 'm2')
    await meaning.learn(index.texts())
    await meaning.learn(index.texts())
    expect(first.asked.flatMap(({ input }) => input)).toHaveLength(2)
    expect(second.asked).toEqual([])
    expect(await meaning.alikeTo(question)).toBeDefined()
  })

  it('is not told the numbers that name a person', async () => {
    const service = await aService()
    const meaning = over(service.url, 'm1')
    await meaning.learn(index.texts())
    await meaning.alikeTo('身份证11010519491231002X，电话13800138000，怎么恢复')
    expect(service.asked.at(-1)?.input).toEqual(['身份证,电话,怎么恢复'])
  })
})

describe('one that fails', () => {
  it.each(['never', 'broken', 'nonsense'] as const)('changes no answer: it says %s', async (reply) => {
    const good = await aService()
    await over(good.url, 'm1').learn(index.texts())
    const service = await aService(reply)
    const meaning = over(service.url, 'm1')
    await meaning.learn(index.texts())
    const alike = await meaning.alikeTo(question)
    expect(alike).toBeUndefined()
    expect(bot.answer({ question, on: '2026-11-22', alike })).toEqual(byWords)
  })

  it('is left alone for half a minute, then asked again', async () => {
    let at = new Date('2026-11-22T02:00:00Z')
    await over((await aService()).url, 'm1').learn(index.texts())
    const service = await aService('broken')
    const meaning = over(service.url, 'm1', () => at)
    await meaning.learn(index.texts())
    for (const _ of [1, 2, 3]) await meaning.alikeTo(question)
    expect(service.asked).toHaveLength(1)
    at = new Date(at.getTime() + 31_000)
    await meaning.alikeTo(question)
    expect(service.asked).toHaveLength(2)
  })

  it('before anything was learnt is not asked at all', async () => {
    const service = await aService('broken')
    const meaning = over(service.url, 'm3')
    await meaning.learn(index.texts())
    expect(await meaning.alikeTo(question)).toBeUndefined()
    expect(service.asked).toHaveLength(1)
    expect(errors.length).toBeGreaterThan(0)
  })
})
