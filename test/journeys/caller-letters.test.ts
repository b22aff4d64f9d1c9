/** What callers are sent by short message: the link by which they rate, once a day, and the card that a voice cannot tell. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Telling } from '../../contract/telling.ts'
import { anSmsPlatform } from '../server/outbox-peers.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aPhoneClient, type PhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'
import { anAgent, type Agent } from '../support/socket-clients.ts'

const us = 'https://hotline.example.gov.cn'
const card = 'nat-enrol-newborn'
const noon = new Date('2026-11-24T12:00:00+08:00')
let now = noon
let hotline: TestHotline
let platform: Awaited<ReturnType<typeof anSmsPlatform>>
let phone: PhoneClient
let agent: Agent

beforeAll(async () => {
  platform = await anSmsPlatform()
  const sms = { SMS_WEBHOOK_URL: platform.url, SMS_WEBHOOK_SECRET: 'a-secret-of-the-tests' }
  const env = { ...sms, PHONE_TOKEN: phoneToken, PUBLIC_URL: us, QUEUE_MODE: 'claim' }
  hotline = await aHotline({ env, now: () => now })
  phone = await aPhoneClient(hotline.url, phoneToken)
  await phone.hello()
  agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  await agent.must('presence:set', { state: 'online' })
})
beforeEach(() => {
  now = noon
  platform.got.length = 0
})
afterAll(async () => {
  phone.close()
  agent.close()
  await hotline.close()
  platform.close()
})

async function ring(caller: string) {
  const callRowId = randomUUID()
  const { conversationId } = await phone.ring(caller, callRowId)
  return { callRowId, conversationId }
}
async function served(caller: string) {
  const call = await ring(caller)
  await phone.must('person:ask', { conversationId: call.conversationId, reason: 'asked' })
  await agent.must('conversation:claim', { conversationId: call.conversationId })
  return call
}
const close = (conversationId: string) => agent.must('conversation:close', { conversationId, summary: '已答复' })
const say = (conversationId: string, text: string) =>
  phone.must('turn:say', { conversationId, clientId: randomUUID(), text, heardBy: 'speech' })
const sent = () => platform.got.map(({ body }) => [body.to, String(body.text)] as const)
const linkIn = (text = '') => /https:\/\/hotline\.example\.gov\.cn(\/rate\/[\w-]+)/.exec(text)?.[1] ?? ''
async function tellings(conversationId: string): Promise<Telling[]> {
  return (await agent.must('conversation:open', { conversationId })).tellings
}
const keptNumbers = async () => (await hotline.database.pool.query('select 1 from caller_number')).rowCount
/** What nobody was asked for would count as asked in the figures. */
async function timesAsked(conversationId: string) {
  return (await hotline.database.pool.query('select 1 from rating where conversation_id = $1', [conversationId]))
    .rowCount
}

it('asks a caller who hung up by one link that counts once, when the agent closes, and keeps no number', async () => {
  const { callRowId, conversationId } = await served('13900000001')
  await phone.hangUp(callRowId)
  expect(await keptNumbers()).toBe(1)
  await close(conversationId)
  expect(await keptNumbers()).toBe(0)
  await hotline.jobs.tick()
  expect(sent().map(([to]) => to)).toEqual(['13900000001'])
  const path = linkIn(sent()[0]?.[1])
  const rate = () => fetch(hotline.url + path, { method: 'POST', body: new URLSearchParams({ level: '5' }) })
  expect([(await rate()).status, (await rate()).status]).toEqual([200, 409])
  const { turns } = await agent.must('conversation:open', { conversationId })
  expect(turns.map(({ rating }) => rating)).toEqual(turns.map(() => undefined))

  const again = await served('13900000001')
  await phone.hangUp(again.callRowId)
  await close(again.conversationId)
  await hotline.jobs.tick()
  expect(sent()).toHaveLength(1)
  // It went on where it was left, and the second part of it was asked about by nobody.
  expect(again.conversationId).toBe(conversationId)
  expect(await timesAsked(conversationId)).toBe(1)
})

it('lets the same page rate the part of each who served, once each, and sends one message', async () => {
  const { callRowId, conversationId } = await ring('13900000091')
  await say(conversationId, '新生儿怎么参保')
  await phone.must('person:ask', { conversationId, reason: 'asked' })
  await agent.must('conversation:claim', { conversationId })
  await agent.must('turn:say', { conversationId, clientId: randomUUID(), text: '可以办。' })
  await phone.hangUp(callRowId)
  await close(conversationId)
  await hotline.jobs.tick()
  const links = sent().flatMap(([, text]) => linkIn(text) || [])
  expect(links).toHaveLength(1)
  const path = links[0] ?? ''
  const open = async (at: string) => (await fetch(hotline.url + at)).text()
  const others = (text: string) =>
    [...text.matchAll(/href="(\/rate\/[\w-]+)">([^<]+)</g)].map(([, at, whose]) => [at, whose])
  const [[bot = '', whose] = []] = others(await open(path))
  expect(whose).toBe('智能客服的服务')
  const rate = async (at: string) =>
    (await fetch(hotline.url + at, { method: 'POST', body: new URLSearchParams({ level: '4' }) })).status
  expect([await rate(bot), await rate(bot)]).toEqual([200, 409])
  expect(others(await open(path))).toEqual([])
  expect(others(await open(bot)).map(([at]) => at)).toEqual([path])
  expect(await rate(path)).toBe(200)
})

it('asks by voice whoever is still on the line, and by nothing else', async () => {
  const { callRowId, conversationId } = await served('13900000002')
  await close(conversationId)
  const isAsked = () => phone.heard('rating:asked').some((asked) => asked.conversationId === conversationId)
  await expect.poll(isAsked, { timeout: 10_000 }).toBe(true)
  await phone.hangUp(callRowId)
  await hotline.jobs.tick()
  expect(sent()).toEqual([])
})

it('asks a caller whom the bot answered, in the morning, and nobody who opted out or waited in vain', async () => {
  const administrator = await anAgent(hotline.url, await hotline.aMember('supervisor', 'administrator'))
  await administrator.http.post('/api/opt-outs', { phone: '13900000004' })
  now = new Date('2026-11-24T23:00:00+08:00')
  for (const caller of ['13900000003', '13900000004']) {
    const { callRowId, conversationId } = await ring(caller)
    await say(conversationId, '你好')
    await phone.hangUp(callRowId)
  }
  const { callRowId, conversationId } = await ring('13900000005')
  await phone.must('person:ask', { conversationId, reason: 'asked' })
  await phone.hangUp(callRowId)
  await hotline.jobs.tick()
  expect(sent()).toEqual([])
  now = new Date('2026-11-25T09:00:00+08:00')
  await hotline.jobs.tick()
  expect(sent().map(([to]) => to)).toEqual(['13900000003'])
  administrator.close()
})

it('is sent by the agent’s hand once, and then not asked for again at the close', async () => {
  const { callRowId, conversationId } = await served('13900000006')
  const send = () => agent.http.post(`/api/conversations/${conversationId}/rating-link`)
  expect((await send()).status).toBe(200)
  expect((await send()).body.code).toBe('conflict')
  await phone.hangUp(callRowId)
  await close(conversationId)
  await hotline.jobs.tick()
  expect(sent().map(([to]) => to)).toEqual(['13900000006'])
  expect(linkIn(sent()[0]?.[1])).not.toBe('')
})

it('keeps no number of a caller who rang again and is on the line when the agent closes', async () => {
  const { callRowId, conversationId } = await served('13900000010')
  await phone.hangUp(callRowId)
  expect(await keptNumbers()).toBe(1)
  const again = await ring('13900000010')
  expect(again.conversationId).toBe(conversationId)
  await close(conversationId)
  expect(await keptNumbers()).toBe(0)
  await phone.hangUp(again.callRowId)
})

it('goes to the mobile that whoever rings from a landline has left', async () => {
  const { callRowId, conversationId } = await served('055412345678')
  const send = () => agent.http.post(`/api/conversations/${conversationId}/rating-link`)
  expect((await send()).status).toBe(400)
  await phone.must('callback:book', { conversationId, phone: '13900000009' })
  expect((await send()).status).toBe(200)
  await hotline.jobs.tick()
  expect(sent().map(([to]) => to)).toEqual(['13900000009'])
  await phone.hangUp(callRowId)
  await close(conversationId)
  expect(await keptNumbers()).toBe(0)
})

it('tells a caller the whole card by short message, and takes its delivery, no voice, for the proof', async () => {
  platform.answer(503, 200)
  const { callRowId, conversationId } = await served('13900000007')
  const asked = { clientId: randomUUID(), entryId: card }
  expect((await agent.http.post(`/api/conversations/${conversationId}/tellings`, asked)).status).toBe(200)
  const spoken = phone.heard('turn:said').findLast((turn) => turn.speaker === 'agent')?.spoken
  expect(spoken).toContain('短信')
  await hotline.jobs.tick()
  expect((await tellings(conversationId))[0]).toMatchObject({ entryId: card, bySms: true })
  expect((await tellings(conversationId))[0]?.deliveredAt).toBeUndefined()
  now = new Date(now.getTime() + 2 * 60_000)
  await hotline.jobs.tick()
  expect(sent().at(-1)?.[1]).toContain(`${us}/policy/${card}`)
  expect((await tellings(conversationId))[0]?.deliveredAt).toBe(now.toISOString())
  await phone.hangUp(callRowId)
  await close(conversationId)
})

it('sends the page of what the bot told a caller in a few words, once', async () => {
  const { callRowId, conversationId } = await ring('13900000008')
  await say(conversationId, '新生儿怎么参保')
  await say(conversationId, '新生儿怎么参保')
  await hotline.jobs.tick()
  expect(sent().map(([to, text]) => [to, text.includes(`${us}/policy/${card}`)])).toEqual([['13900000008', true]])
  expect(await tellings(conversationId)).toMatchObject([{ entryId: card, bySms: true, time: 1 }])
  await phone.hangUp(callRowId)
})
