/**
 * Two server processes behind one database, as behind a load balancer: the platform knocks at either, an agent sits at
 * one. Without something that carries news from one to the other, a desk hears live of what came by its own server, and
 * of the rest when it opens the conversation.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { staff } from '../../desk/staff.ts'
import { tencentStandIn, type TencentStandIn } from '../../wechat/stand-in/tencent.ts'
import { aPassword } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { aKnowingDatabase, type TestDatabase } from '../support/postgres.ts'
import { aFreePort, aServerProcess, type ServerProcess } from '../support/server-process.ts'
import { anAgent, until } from '../support/socket-clients.ts'

const aesKey = 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU'
const keys = { token: 'ybhotline2026', aesKey, id: 'wx1234567890abcdef' }
const appSecret = 'a-secret-of-the-tests'
const [messages, tokens] = ['/cgi-bin/message/custom/send', '/cgi-bin/stable_token']
const patience = { timeout: 30_000 }

let database: TestDatabase
let dataDir: string
let tencent: TencentStandIn
const servers: ServerProcess[] = []
let knocks = 0
/** The platform's next knock goes to the next one. */
const balanced = () => `${servers[knocks++ % 2]?.url ?? ''}/wechat/oa`

beforeAll(async () => {
  database = await aKnowingDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'budayang-two-'))
  tencent = await tencentStandIn({ keys, appSecret, mode: 'safe', callbackUrl: balanced })
  const env = {
    REQUIRE_TOTP: 'none',
    QUEUE_MODE: 'claim',
    WECHAT_APP_ID: keys.id,
    WECHAT_APP_SECRET: appSecret,
    WECHAT_TOKEN: keys.token,
    WECHAT_AES_KEY: aesKey,
    WECHAT_API_BASE: tencent.url,
  }
  // One after the other: the first makes the keys that both read.
  for (let n = 0; n < 2; n++)
    servers.push(await aServerProcess({ databaseUrl: database.url, dataDir, port: await aFreePort(), env }))
}, 240_000)
afterAll(async () => {
  for (const server of servers) await server.kill('SIGTERM')
  await tencent.close()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

const aCitizen = () => `o${randomUUID().replaceAll('-', '')}`
const accountSaid = (openId: string) => tencent.screen(openId).filter(({ by }) => by === 'account')
const urlOf = (n: number) => servers[n]?.url ?? expect.unreachable('no server')
async function rows<T extends object>(sql: string, ...given: unknown[]): Promise<T[]> {
  return (await database.pool.query<T>(sql, given)).rows
}

it('fetches one token for both, whichever needs it first', async () => {
  const bosses = await Promise.all([0, 1].map((n) => signedIn(urlOf(n), { name: 'admin', password: aPassword })))
  // Each step of the set-up page is tried with a call to the platform.
  const steps = await Promise.all(bosses.map((boss) => boss.get('/api/wechat')))
  expect(steps.map(({ status }) => status)).toEqual([200, 200])
  expect(tencent.calls('/cgi-bin/get_api_domain_ip')).toHaveLength(2)
  expect(tencent.calls(tokens)).toHaveLength(1)
  tencent.dropToken()
  await Promise.all(bosses.map((boss) => boss.get('/api/wechat')))
  expect(tencent.calls(tokens)).toHaveLength(2)
})

it('answers a question that is asked again at the other process once, and both with the same words', async () => {
  const asked = ['新生儿怎么参保', '异地就医怎么备案', '断缴了怎么办']
  const asking = asked.map(async (Content) => {
    const openId = aCitizen()
    const fields = { MsgType: 'text', Content, MsgId: tencent.nextMessageId() }
    // Whoever asks where it is not worked on finds it under way there, and waits for the same.
    const heard = await Promise.all([1, 2].map(() => tencent.knock(openId, fields)))
    const later = await Promise.all([1, 2].map(() => tencent.knock(openId, fields)))
    return [...heard, ...later]
  })
  for (const heard of await Promise.all(asking)) {
    expect(new Set(heard).size).toBe(1)
    expect(heard[0]).toContain('【智能客服】')
  }
  const said = await rows<{ speaker: string }>('select speaker from turn')
  for (const speaker of ['customer', 'bot'])
    expect(said.filter((turn) => turn.speaker === speaker)).toHaveLength(asked.length)
  const told = await rows<{ state: string }>('select state from wechat_delivery')
  expect(told.map(({ state }) => state)).toEqual(asked.map(() => 'passive'))
  expect(tencent.calls(messages)).toEqual([])
})

it('carries an agent at one and a citizen at the other, each word once', async () => {
  const openId = aCitizen()
  const name = `agent${randomUUID().slice(0, 8)}`
  await staff(database.db).create({ name, password: aPassword, roles: ['agent'] }, new Date())
  const agent = await anAgent(urlOf(0), { name, password: aPassword })
  await agent.must('presence:set', { state: 'online' })
  knocks = 1 // the citizen's words come to the other one
  expect(await tencent.say(openId, '转人工')).toContain('人工')
  const [waiting] = await rows<{ conversation_id: string }>(
    `select conversation_id from handover where claimed_at is null and left_at is null order by asked_at desc limit 1`,
  )
  const conversationId = waiting?.conversation_id ?? expect.unreachable('nobody waits')
  await agent.must('conversation:claim', { conversationId })
  await agent.must('turn:say', { conversationId, clientId: randomUUID(), text: '您好，请讲' })
  await until(() => accountSaid(openId).some(({ text }) => text.includes('您好，请讲')), 'the agent’s words')

  knocks = 1
  expect(await tencent.say(openId, '我的药没报')).toBeUndefined()
  const opened = await agent.must('conversation:open', { conversationId })
  expect(opened.turns.map(({ text }) => text)).toContain('我的药没报')
  const lost = await agent.must('turn:say', { conversationId, clientId: randomUUID(), text: '我来查一下' })
  await until(() => accountSaid(openId).some(({ text }) => text.includes('我来查一下')), 'the second words')

  // Lost on its way, as when a process dies before it tells: both look for such, and one tells it.
  await rows('delete from wechat_delivery where conversation_id = $1 and from_seq >= $2', conversationId, lost.seq)
  await rows('update wechat_line set told_seq = $2 - 1 where conversation_id = $1', conversationId, lost.seq)
  await rows(`update conversation set last_turn_at = last_turn_at - interval '1 minute' where id = $1`, conversationId)
  const heard = (words: string) => accountSaid(openId).filter(({ text }) => text.includes(words))
  await until(() => heard('我来查一下').length > 1, 'the words that were lost')
  const state = `select state from wechat_delivery where conversation_id = $1 order by id desc limit 1`
  await expect.poll(() => rows(state, conversationId), patience).toEqual([{ state: 'sent' }])
  expect([heard('您好，请讲').length, heard('我来查一下').length]).toEqual([1, 2])
  agent.close()
}, 90_000)
