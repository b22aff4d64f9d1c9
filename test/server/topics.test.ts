/** The topics that callers find by code: one list for the website, the widget and the phone, true after every publication. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { topicsPage } from '../../server/http/topics-page.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'
import { aPhoneClient, type PhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'
import { aVisitor, until } from '../support/socket-clients.ts'
import { aWording } from '../support/wording.ts'

let hotline: TestHotline
let phone: PhoneClient
let writes: HttpClient
let reads: HttpClient

beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, BUREAU_CITY: '340600' } })
  phone = await aPhoneClient(hotline.url, phoneToken)
  writes = await signedIn(hotline.url, await hotline.aMember('editor'))
  reads = await signedIn(hotline.url, await hotline.aMember('reviewer'))
})
afterAll(async () => {
  phone.close()
  await hotline.close()
})

const page = async () => (await fetch(`${hotline.url}/topics`)).text()
const rowsOf = (html: string) =>
  [...html.matchAll(/<td>(\d{4})<\/td><td>([^<]*)<\/td>/g)].map(([, code, question]) => ({ code, question }))

async function publish(id: string, question: string): Promise<void> {
  // About nothing that the packs answer: the gate would refuse what takes questions from them.
  const wording = aWording({ question, similar: [], answer: '望远镜在天文馆借。', topic: '测试' })
  const made = await writes.post('/api/entries', { id, wording })
  const { revision } = made.body as { revision: { id: string } }
  expect(await writes.post(`/api/revisions/${revision.id}/submit`)).toMatchObject({ status: 200 })
  for (const step of ['approve', 'publish'])
    expect(await reads.post(`/api/revisions/${revision.id}/${step}`)).toMatchObject({ status: 200 })
}

it('has the very same codes on the page and on the phone, one a topic', async () => {
  const { titles } = await phone.hello()
  const rows = rowsOf(await page())
  const byCode = (one: { code?: string }, other: { code?: string }) => Number(one.code) - Number(other.code)
  expect(rows.sort(byCode)).toEqual(titles.map(({ code, question }) => ({ code, question })).sort(byCode))
  expect(new Set(titles.map(({ code }) => code)).size).toBe(titles.length)
  expect(titles.length).toBeGreaterThan(50)
})

it('tells phones of a publication, and no printed code changes by it', async () => {
  const before = rowsOf(await page())
  const question = '天文望远镜去哪借'
  await publish('aa-added-by-test', question)
  const told = await until(() => phone.heard('titles:changed')[0], 'the news of the titles')
  const added = told.titles.find((title) => title.entryId === 'aa-added-by-test')
  expect(added).toMatchObject({ question, code: expect.stringMatching(/^(?=.*1)[1-9]{4}$/) as string })
  const after = rowsOf(await page())
  expect(after).toEqual(expect.arrayContaining(before))
  expect(after).toHaveLength(before.length + 1)
  expect(after).toContainEqual({ code: added?.code, question })
})

it('tells phones nothing where nothing has changed', async () => {
  const before = phone.heard('titles:changed').length
  await hotline.knowledge.refresh()
  const draft = await writes.post('/api/entries', { id: 'ab-draft', wording: aWording({ question: '只是草稿' }) })
  expect(draft.status).toBe(200)
  await publish('ac-later', '陨石标本给看不')
  const news = await until(
    () => phone.heard('titles:changed').length > before && phone.heard('titles:changed').slice(before),
    'the next publication',
  )
  expect(news).toHaveLength(1)
  expect(news[0]?.titles.map(({ entryId }) => entryId)).not.toContain('ab-draft')
})

it('shows the code beside an answer', async () => {
  const visitor = await aVisitor(hotline.url)
  await visitor.say('天文望远镜去哪借')
  const { answer } = await visitor.hears('望远镜在天文馆借')
  expect(rowsOf(await page())).toContainEqual({ code: answer?.code, question: '天文望远镜去哪借' })
  visitor.close()
})

it('shows every word of a topic as text', () => {
  const html = topicsPage(
    '测试&局',
    [{ entryId: 'e', code: '1234', topic: '<b>', question: `"<script>'` }],
    '2026-11-22',
  )
  expect(html).toContain('<td>&quot;&lt;script&gt;&#39;</td>')
  expect(html).toContain('>&lt;b&gt;</h2>')
  expect(html).toContain('测试&amp;局')
})
