/** Synonyms as editors keep them over HTTP. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SynonymEffect, SynonymGroup } from '../../contract/synonym.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'
import { aWording } from '../support/wording.ts'

let hotline: TestHotline
let editor: HttpClient
let reviewer: HttpClient

beforeAll(async () => {
  hotline = await aHotline()
  editor = await signedIn(hotline.url, await hotline.aMember('editor'))
  reviewer = await signedIn(hotline.url, await hotline.aMember('reviewer'))
  for (const [id, question] of [
    ['wheelchair', '轮椅在哪'],
    ['stroller', '推车坏了怎么赔'],
    ['stroller-two', '四轮推椅坏了怎么赔'],
  ] as const) {
    const made = await editor.post('/api/entries', { id, wording: aWording({ question, similar: [] }) })
    const revision = (made.body.revision as { id: string }).id
    await editor.post(`/api/revisions/${revision}/submit`)
    await reviewer.post(`/api/revisions/${revision}/approve`)
    await reviewer.post(`/api/revisions/${revision}/publish`, { override: '试验' })
  }
}, 60_000)
afterAll(() => hotline.close())

const groups = async () => ((await editor.get('/api/synonyms')).body as { groups: SynonymGroup[] }).groups
const told = async (question: string) => {
  const { body } = await editor.post('/api/ask', { question })
  return body.outcome === 'answer' ? (body.entry as { id: string }).id : body.outcome
}

it('finds by a word that no entry has, from the moment the group is kept, and not after it is gone', async () => {
  expect(await told('沙滩摩托在哪')).not.toBe('wheelchair')
  const words = ['轮椅', '沙滩摩托']
  const preview = (await editor.post('/api/synonyms/preview', { words })).body as unknown as SynonymEffect
  expect(preview).toMatchObject({ worse: [] })
  expect(preview.entries).toBeGreaterThan(0)
  expect(await groups()).toEqual([])

  expect((await editor.post('/api/synonyms', { words })).status).toBe(200)
  expect(await told('沙滩摩托在哪')).toBe('wheelchair')
  const [kept] = await groups()
  expect(kept).toMatchObject({ words })
  const again = await editor.post('/api/synonyms', { words: ['轮椅', '助行车'] })
  expect(again).toMatchObject({ status: 400, body: { fields: [{ path: 'words', message: '“轮椅”已在另一组里' }] } })

  expect((await editor.post('/api/synonyms', { id: kept?.id })).status).toBe(200)
  expect(await groups()).toEqual([])
  expect(await told('沙滩摩托在哪')).not.toBe('wheelchair')
}, 90_000)

it('refuses words that make one entry’s question another’s, until a reviewer signs for it', async () => {
  const words = ['推车', '四轮推椅']
  const preview = (await editor.post('/api/synonyms/preview', { words })).body as unknown as SynonymEffect
  expect(preview.worse.join()).toContain('推车坏了怎么赔')
  expect(await editor.post('/api/synonyms', { words })).toMatchObject({
    status: 409,
    body: { code: 'publish_worsens' },
  })
  expect(await editor.post('/api/synonyms', { words, override: '要合并' })).toMatchObject({ status: 403 })
  expect((await reviewer.post('/api/synonyms', { words, override: '要合并' })).status).toBe(200)
  const { rows } = await hotline.database.pool.query<{ detail: { override: string } }>(
    `select detail from audit where act = 'synonym.set' order by at desc limit 1`,
  )
  expect(rows[0]?.detail.override).toBe('要合并')
}, 90_000)
