/** WeChat for agents and citizens over HTTP and sockets: how much may be sent, notices, letters of the outbox, scans. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WechatStanding } from '../../contract/wechat-desk.ts'
import { openKeyRing } from '../../server/key-ring.ts'
import { makeLog } from '../../server/log.ts'
import { tencentStandIn, type TencentStandIn } from '../../wechat/stand-in/tencent.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { anAgent, until, type Agent } from '../support/socket-clients.ts'

const keys = {
  token: 'ybhotline2026',
  aesKey: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU',
  id: 'wx1234567890abcdef',
}
const appSecret = 'a-secret-of-the-tests'
const template = 'template-of-the-tests'
const [messages, notices] = ['/cgi-bin/message/custom/send', '/cgi-bin/message/subscribe/bizsend']
const logged: string[] = []
const openIds: string[] = []

let tencent: TencentStandIn
let hotline: TestHotline
let agent: Agent
const told: WechatStanding[] = []
beforeAll(async () => {
  tencent = await tencentStandIn({ keys, appSecret, mode: 'safe', callbackUrl: () => `${hotline.url}/wechat/oa` })
  hotline = await aHotline({
    env: {
      WECHAT_APP_ID: keys.id,
      WECHAT_APP_SECRET: appSecret,
      WECHAT_TOKEN: keys.token,
      WECHAT_AES_KEY: keys.aesKey,
      WECHAT_API_BASE: tencent.url,
      WECHAT_NOTICE_TEMPLATE_ID: template,
    },
    log: makeLog({ LOG_LEVEL: 'trace', PII_LOGS: false }, { write: (line) => void logged.push(line) }),
  })
  agent = await anAgent(hotline.url, await hotline.aMember('agent', 'supervisor'))
  await agent.must('presence:set', { state: 'online' })
  agent.socket.on('wechat:standing', (standing: WechatStanding) => told.push(standing))
})
afterAll(async () => {
  agent.close()
  await hotline.close()
  await tencent.close()
})

function aCitizen(): string {
  const openId = `o${randomUUID().replaceAll('-', '')}`
  openIds.push(openId)
  return openId
}
const accountSaid = (openId: string) => tencent.screen(openId).filter(({ by }) => by === 'account')
const hashOf = (openId: string) => openKeyRing(hotline.config).lookupHash(openId)
async function rows<T extends object>(sql: string, ...given: unknown[]): Promise<T[]> {
  return (await hotline.database.pool.query<T>(sql, given)).rows
}
async function conversationOf(openId: string): Promise<string> {
  const found = await rows<{ id: string }>(
    'select conversation_id as id from wechat_line where openid_hash = $1',
    hashOf(openId),
  )
  return found[0]?.id ?? expect.unreachable(`no conversation of ${openId}`)
}
const standingOf = async (id: string) =>
  (await agent.http.get(`/api/conversations/${id}/wechat`)).body as WechatStanding
const say = (conversationId: string, text: string) =>
  agent.must('turn:say', { conversationId, clientId: randomUUID(), text })

/** In this agent's hands, who has been announced there: one message of five is used. */
async function served(): Promise<{ openId: string; id: string }> {
  const openId = aCitizen()
  await tencent.say(openId, '转人工')
  const id = await conversationOf(openId)
  await agent.must('conversation:claim', { conversationId: id })
  await until(() => accountSaid(openId).length === 2, 'the announcement of the agent')
  await expect.poll(async () => (await standingOf(id)).message?.left).toBe(4)
  return { openId, id }
}
/** As if they had last written two days and a second ago. */
const silence = (openId: string) =>
  rows(
    `update wechat_user set message_at = message_at - interval '48 hours 1 second' where openid_hash = $1`,
    hashOf(openId),
  )

describe('how much an agent may send', () => {
  it('is counted down with each message; the sixth is held back, shown with its reason, and told with the next word', async () => {
    const { openId, id } = await served()
    for (const text of ['一', '二', '三', '四']) await say(id, text)
    await expect.poll(async () => (await standingOf(id)).message?.left).toBe(0)
    const calls = tencent.calls(messages).length
    const { seq } = await say(id, '第六条，不能丢')
    await expect
      .poll(async () => (await standingOf(id)).undelivered)
      .toEqual([{ fromSeq: seq, toSeq: seq, why: 'quota', isPartly: false }])
    expect(tencent.calls(messages)).toHaveLength(calls)
    await until(() => told.some((one) => one.conversationId === id && one.undelivered.length > 0), 'the news of it')

    expect(await tencent.say(openId, '在吗')).toContain('第六条，不能丢')
    const after = await standingOf(id)
    expect(after).toMatchObject({ message: { left: 5, of: 5 }, undelivered: [] })
    await until(() => told.some((one) => one.conversationId === id && one.message?.left === 5), 'the news of the reset')
  }, 60_000)

  it('is three more for a minute after a tap', async () => {
    const { openId, id } = await served()
    await tencent.event(openId, 'CLICK', '异地就医怎么备案')
    expect(await standingOf(id)).toMatchObject({ message: { left: 4 }, moment: { left: 3, of: 3 } })
    const { moment } = await standingOf(id)
    expect(Date.parse(moment?.until ?? '') - Date.now()).toBeLessThanOrEqual(60_000)
  }, 30_000)

  it('is known of no conversation that is none of WeChat’s', async () => {
    expect((await agent.http.get(`/api/conversations/${randomUUID()}/wechat`)).status).toBe(404)
  })
})

describe('a subscription notice', () => {
  it('is for whoever may not be written to, agreed to it, and goes once', async () => {
    const { openId, id } = await served()
    const notice = () => agent.http.post(`/api/conversations/${id}/wechat/notice`, {})
    expect((await notice()).body).toMatchObject({ code: 'invalid_input' })
    await silence(openId)
    expect((await standingOf(id)).notice).toEqual({ state: 'not_asked' })
    expect((await notice()).body).toMatchObject({
      fields: [{ message: expect.stringContaining('没有同意') as string }],
    })

    await tencent.consent(openId, template, true)
    expect((await standingOf(id)).notice).toEqual({ state: 'ready' })
    const calls = tencent.calls(messages).length
    const pressed = await Promise.all([notice(), notice()])
    expect(pressed.map(({ status }) => status)).toContain(200)
    expect(accountSaid(openId).filter(({ way }) => way === 'notice')).toHaveLength(1)
    expect(tencent.calls(messages)).toHaveLength(calls)
    expect((await standingOf(id)).notice).toMatchObject({ state: 'sent' })

    // They write again: a new time, for which they have agreed to nothing.
    await tencent.say(openId, '我来了')
    expect(await standingOf(id)).toMatchObject({ message: { left: 5 }, notice: { state: 'not_asked' } })
  }, 60_000)

  it('that is refused says so', async () => {
    const { openId, id } = await served()
    await tencent.consent(openId, template, true)
    await silence(openId)
    tencent.refuse(43_101)
    const { body } = await agent.http.post(`/api/conversations/${id}/wechat/notice`, {})
    expect(body).toMatchObject({ notice: { state: 'declined', code: 43_101 } })
    expect(accountSaid(openId).filter(({ way }) => way === 'notice')).toEqual([])
  }, 30_000)
})

describe('a letter of the outbox', () => {
  const post = (letter: { to: string; key: string; otherwise?: object }) =>
    hotline.db.transaction().execute((tx) =>
      hotline.outbox.post(
        tx,
        {
          ...{ channel: 'wechat', kind: 'case_notice', text: '您反映的问题已办理', to: letter.to, key: letter.key },
          ...(letter.otherwise && {
            otherwise: {
              channel: 'sms',
              to: '13800138000',
              kind: 'case_notice',
              text: '已办理',
              key: `${letter.key}:sms`,
            },
          }),
        },
        new Date(),
      ),
    )
  const states = (key: string) =>
    rows<{ channel: string; state: string }>(
      `select channel, state from outbox_message where idempotency_key in ($1, $1 || ':sms') order by channel desc`,
      key,
    )

  it('goes as a message, else by a notice, else by the other way that was given', async () => {
    const [open, willing, silent] = [aCitizen(), aCitizen(), aCitizen()]
    for (const openId of [open, willing, silent]) await tencent.say(openId, '你好')
    await tencent.consent(willing, template, true)
    await silence(willing)
    await silence(silent)
    const keyOf = new Map([open, willing, silent].map((openId) => [openId, randomUUID()]))
    const key = (openId: string) => `test:${keyOf.get(openId)}`
    for (const to of [open, willing, silent]) await post({ to, key: key(to), otherwise: {} })
    await expect.poll(() => states(key(open)), { timeout: 20_000 }).toEqual([{ channel: 'wechat', state: 'delivered' }])
    await expect
      .poll(() => states(key(willing)), { timeout: 20_000 })
      .toEqual([{ channel: 'wechat', state: 'delivered' }])
    await expect
      .poll(() => states(key(silent)), { timeout: 20_000 })
      .toEqual([
        { channel: 'wechat', state: 'dead' },
        { channel: 'sms', state: 'delivered' },
      ])
    expect(accountSaid(open).at(-1)).toMatchObject({ way: 'custom', text: '您反映的问题已办理' })
    expect(accountSaid(willing).at(-1)).toMatchObject({ way: 'notice' })
    expect(accountSaid(silent).map(({ way }) => way)).toEqual(['passive'])
    expect(tencent.calls(notices).length).toBeGreaterThan(0)
  }, 60_000)
})

it('takes what is of no use to a conversation without an answer, and knows each kind', async () => {
  const openId = aCitizen()
  await tencent.say(openId, '你好')
  await tencent.event(openId, 'unsubscribe')
  const kinds = await rows<{ kind: string }>(
    'select kind from wechat_event where openid_hash = $1 order by received_at',
    hashOf(openId),
  )
  expect(kinds.map(({ kind }) => kind)).toEqual(['text', 'unfollow'])
  const id = await conversationOf(openId)
  expect(await standingOf(id)).toMatchObject({ follows: false })
})

it('writes no openid, token, secret or key into any log of all this', () => {
  expect(logged.length).toBeGreaterThan(0)
  const all = logged.join('\n')
  for (const secret of [appSecret, keys.aesKey, keys.token, 'access_token', 'token-1-', ...openIds])
    expect(all).not.toContain(secret)
})
