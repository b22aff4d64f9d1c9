/** WeChat for agents and citizens over HTTP and sockets: how much may be sent, notices, letters of the outbox, scans. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlertsView } from '../../contract/alert.ts'
import type { WechatState } from '../../contract/wechat.ts'
import type { WechatStanding } from '../../contract/wechat-desk.ts'
import { openKeyRing } from '../../server/key-ring.ts'
import { makeLog } from '../../server/log.ts'
import { tencentStandIn, type Fields, type TencentStandIn } from '../../wechat/stand-in/tencent.ts'
import { aHotline, aPassword, type TestHotline } from '../support/hotline.ts'
import { ask, signedIn } from '../support/http-client.ts'
import { anAgent, aVisitor, until, type Agent } from '../support/socket-clients.ts'

const keys = {
  token: 'ybhotline2026',
  aesKey: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU',
  id: 'wx1234567890abcdef',
}
const appSecret = 'a-secret-of-the-tests'
const template = 'template-of-the-tests'
const [messages, notices] = ['/cgi-bin/message/custom/send', '/cgi-bin/message/subscribe/bizsend']
const patience = { timeout: 20_000 }
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
      QUEUE_MODE: 'claim',
      WECHAT_APP_ID: keys.id,
      WECHAT_APP_SECRET: appSecret,
      WECHAT_TOKEN: keys.token,
      WECHAT_AES_KEY: keys.aesKey,
      WECHAT_API_BASE: tencent.url,
      WECHAT_NOTICE_TEMPLATE_ID: template,
      WECHAT_JSSDK_URL: tencent.kitUrl,
      PUBLIC_URL: 'http://hotline.test',
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
  await expect.poll(async () => (await standingOf(id)).message?.left, patience).toBe(4)
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
    // One by one: what is said at once is told in one message.
    for (const left of [3, 2, 1, 0]) {
      await say(id, `还剩 ${left} 条`)
      await expect.poll(async () => (await standingOf(id)).message?.left, patience).toBe(left)
    }
    const calls = tencent.calls(messages).length
    const { seq } = await say(id, '第六条，不能丢')
    await expect
      .poll(async () => (await standingOf(id)).undelivered, patience)
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

describe('一次性告知 in WeChat', () => {
  it('is proved by the delivery of its words, and by nothing while they are held back', async () => {
    const { openId, id } = await served()
    const tell = async () => {
      const sent = { clientId: randomUUID(), entryId: 'nat-enrol-newborn' }
      expect((await agent.http.post(`/api/conversations/${id}/tellings`, sent)).status).toBe(200)
    }
    const proved = async () =>
      (await agent.must('conversation:open', { conversationId: id })).tellings.map(
        ({ deliveredAt, arrivedAt }) => deliveredAt !== undefined && arrivedAt === undefined,
      )
    await tell()
    await expect.poll(proved, patience).toEqual([true])
    await silence(openId)
    await tell()
    await expect.poll(async () => (await standingOf(id)).undelivered.length, patience).toBe(1)
    expect(await proved()).toEqual([false, true])
    await tencent.say(openId, '我来了')
    await expect.poll(proved, patience).toEqual([true, true])
  }, 60_000)
})

it('asks for the rating of whoever came last, with a page for those before', async () => {
  const openId = aCitizen()
  await tencent.say(openId, '新生儿怎么参保')
  await tencent.say(openId, '转人工')
  const id = await conversationOf(openId)
  await agent.must('conversation:claim', { conversationId: id })
  await agent.must('conversation:close', { conversationId: id, summary: { text: '已答复', tags: ['其他'] } })
  const asked = await until(
    () => accountSaid(openId).find(({ choices }) => choices.includes('非常不满意')),
    'the rating as a menu',
  )
  const [, path] = /http:\/\/hotline\.test(\/rate\/[\w-]+)/.exec(asked.text) ?? expect.unreachable(asked.text)
  expect(await (await fetch(`${hotline.url}${path}`)).text()).toContain('智能客服的服务')
}, 30_000)

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

  it('is agreed to on a page of ours, signed for WeChat, that the last message leads to; what they tap is kept', async () => {
    const { openId, id } = await served()
    await rows('update wechat_user set message_used = 4 where openid_hash = $1', hashOf(openId))
    await say(id, '还有一句')
    const last = await until(
      () => accountSaid(openId).find(({ text }) => text.includes('还有一句')),
      'the last message',
    )
    const page = /http:\/\/hotline\.test(\S+)/.exec(last.text)?.[1] ?? ''
    const asked = await Promise.all([1, 2].map(() => fetch(`${hotline.url}${page}?from=message`)))
    expect(asked.map(({ status }) => status)).toEqual([200, 200])
    expect(tencent.calls('/cgi-bin/ticket/getticket')).toHaveLength(1)
    const origin = new URL(tencent.kitUrl).origin
    const policyOf = (response: Response) => response.headers.get('content-security-policy') ?? ''
    expect(asked.map(policyOf)).toEqual(Array(2).fill(expect.stringContaining(`script-src 'self' ${origin};`)))
    expect(policyOf(await fetch(`${hotline.url}/policy`))).not.toContain(origin)

    const html = (await asked[0]?.text()) ?? ''
    const given = (name: string) => new RegExp(`data-${name}="([^"]*)"`).exec(html)?.[1] ?? ''
    const verified = async (url: string) => {
      const pass = { appId: given('app-id'), nonceStr: given('nonce'), timestamp: given('timestamp') }
      const query = new URLSearchParams({ ...pass, signature: given('signature'), url, callback: 'a' })
      return (await fetch(`${origin}/open/verify?${query.toString()}`)).text()
    }
    expect(await verified(`http://hotline.test${page}?from=message`)).toBe('wxStandIn.a(true)')
    expect(await verified(`http://elsewhere.test${page}?from=message`)).toBe('wxStandIn.a(false)')

    await silence(openId)
    expect((await standingOf(id)).notice).toEqual({ state: 'not_asked' })
    const tap = new URLSearchParams({ openId, templateId: template, agrees: 'true', callback: 'a' })
    await fetch(`${origin}/open/subscribe?${tap.toString()}`)
    expect((await standingOf(id)).notice).toEqual({ state: 'ready' })
    // Whoever has agreed is not asked again.
    await tencent.say(openId, '好的')
    await rows('update wechat_user set message_used = 4 where openid_hash = $1', hashOf(openId))
    await say(id, '最后一句')
    const after = await until(
      () => accountSaid(openId).find(({ text }) => text.includes('最后一句')),
      'the last message',
    )
    expect(after.text).not.toContain(page)
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
    await expect.poll(() => states(key(open)), patience).toEqual([{ channel: 'wechat', state: 'delivered' }])
    await expect.poll(() => states(key(willing)), patience).toEqual([{ channel: 'wechat', state: 'delivered' }])
    await expect
      .poll(() => states(key(silent)), patience)
      .toEqual([
        { channel: 'wechat', state: 'dead' },
        { channel: 'sms', state: 'delivered' },
      ])
    expect(accountSaid(open).at(-1)).toMatchObject({ way: 'custom', text: '您反映的问题已办理' })
    expect(accountSaid(willing).at(-1)).toMatchObject({ way: 'notice' })
    expect(accountSaid(silent).map(({ way }) => way)).toEqual(['passive'])
    expect(tencent.calls(notices).length).toBeGreaterThan(0)

    // Taken is not delivered: what the platform tells of it later decides, and the other way is gone once.
    await tencent.noticeEnded(willing, template, 0)
    expect(await states(key(willing))).toEqual([{ channel: 'wechat', state: 'delivered' }])
    await tencent.noticeEnded(willing, 'another-template', 20_001)
    for (let n = 0; n < 2; n++) await tencent.noticeEnded(willing, template, 20_001)
    await expect
      .poll(() => states(key(willing)), patience)
      .toEqual([
        { channel: 'wechat', state: 'dead' },
        { channel: 'sms', state: 'delivered' },
      ])
  }, 60_000)

  it('that is refused for how notices are set up tells administrators and the set-up page what to put right', async () => {
    const boss = await signedIn(hotline.url, { name: 'admin', password: aPassword })
    for (const [code, setting] of [
      [47_003, 'WECHAT_NOTICE_FIELDS'],
      [40_037, 'WECHAT_NOTICE_TEMPLATE_ID'],
    ] as const) {
      const openId = aCitizen()
      await tencent.say(openId, '你好')
      await tencent.consent(openId, template, true)
      await silence(openId)
      tencent.trouble({ path: notices, code })
      const key = `test:${randomUUID()}`
      await post({ to: openId, key, otherwise: {} })
      await expect
        .poll(async () => (await states(key)).at(-1), patience)
        .toEqual({ channel: 'sms', state: 'delivered' })
      const alerted = async () =>
        ((await boss.get('/api/alerts')).body as AlertsView).alerts.map(({ text }) => text).join()
      await expect.poll(alerted, patience).toMatch(new RegExp(`通知发不出去，微信返回 ${code}.*${setting}`))
      const { steps } = (await boss.get('/api/wechat')).body as WechatState
      expect(steps.at(-1)).toMatchObject({
        ...{ step: 'notice', state: 'failed' },
        told: expect.stringContaining(setting) as string,
      })
    }
  }, 60_000)
})

const lastScene = () => tencent.scenes().at(-1) ?? expect.unreachable('no code was made')
const tap = (openId: string, text: string) => tencent.say(openId, text, { isTapped: true })
const lastMenu = (openId: string) => accountSaid(openId).findLast(({ choices }) => choices.length > 0)

describe('a scan at a window', () => {
  async function scanned(): Promise<{ openId: string; windowId: string }> {
    const { body: window } = await agent.http.post('/api/windows', { name: `窗口 ${randomUUID().slice(0, 8)}` })
    const windowId = String(window['id'])
    const { body } = await agent.http.post('/api/wechat/codes', { windowId })
    expect(body).toMatchObject({ svg: expect.stringContaining('<svg') as string })
    const openId = aCitizen()
    expect(await tencent.event(openId, 'subscribe', `qrscene_${lastScene()}`)).toBeUndefined()
    await until(() => lastMenu(openId)?.choices.length === 5, 'the five levels as a menu')
    return { openId, windowId }
  }
  const given = (windowId: string) =>
    rows<{ level: number | null; reasons: string[]; cases: number }>(
      `select level, reasons, (select count(*)::int from case_file f where f.conversation_id = rating.conversation_id) as cases
        from rating where window_id = $1`,
      windowId,
    )

  it('leads to the rating of that window, where they talk with us', async () => {
    const { openId, windowId } = await scanned()
    await tap(openId, '非常满意')
    expect(await given(windowId)).toEqual([{ level: 5, reasons: [], cases: 0 }])
  }, 30_000)

  it('and a bad rating becomes a case like any other', async () => {
    const { openId, windowId } = await scanned()
    await tap(openId, '不满意')
    // The reasons come on the spot, by number.
    const [, number = ''] = /(\d)\. 态度不好/.exec(accountSaid(openId).at(-1)?.text ?? '') ?? []
    await tencent.say(openId, number)
    expect(await given(windowId)).toEqual([{ level: 2, reasons: ['态度不好'], cases: 1 }])
  }, 30_000)

  it('is told where the window takes no more', async () => {
    const { openId, windowId } = await scanned()
    await agent.http.post(`/api/windows/${windowId}/open`, { isOpen: false })
    await tencent.event(openId, 'SCAN', lastScene())
    await until(() => accountSaid(openId).at(-1)?.text.includes('停用'), 'a word about it')
    expect((await agent.http.post('/api/wechat/codes', { windowId })).status).toBe(404)
  }, 30_000)
})

describe('somebody from the web', () => {
  async function onTheWeb(words: string): Promise<{ conversationId: string; token: string }> {
    const visitor = await aVisitor(hotline.url)
    const { conversationId } = await visitor.must('turn:say', { clientId: randomUUID(), text: words })
    visitor.close()
    return { conversationId, token: visitor.token }
  }
  const codeFor = (token: string) => ask(hotline.url, 'POST', '/api/visitors/wechat', { token })
  const viewOf = (conversationId: string) => agent.must('conversation:open', { conversationId })
  async function askedIn(openId: string): Promise<string> {
    await until(() => lastMenu(openId)?.choices.join() === '同意,不用', 'the question')
    return conversationOf(openId)
  }

  it('goes on in WeChat after they agreed, and the agent sees both', async () => {
    const { conversationId, token } = await onTheWeb('我在网页上问过一次')
    expect((await codeFor(token)).body).toMatchObject({ svg: expect.stringContaining('<svg') as string })
    expect(lastScene()).toMatch(/^join-[\w-]{22}$/)
    const openId = aCitizen()
    await tencent.event(openId, 'SCAN', lastScene())
    const here = await askedIn(openId)
    const before = await viewOf(here)
    expect([before.verified, before.history]).toEqual([undefined, []])

    expect(await tap(openId, '同意')).toContain('已接到这里')
    const view = await viewOf(here)
    expect(view.verified?.how).toBe('wechat_scan')
    expect(view.history.map((one) => one.conversationId)).toEqual([conversationId])
    expect((await viewOf(conversationId)).history.map((one) => one.conversationId)).toEqual([here])
    const [last] = await rows<{ text: string }>(
      'select text from turn where conversation_id = $1 order by seq desc limit 1',
      conversationId,
    )
    expect(last?.text).toContain('如果不是您本人扫的码')
    const audited = await rows(`select act, subject from audit where act = 'person.join'`)
    expect(audited).toEqual([{ act: 'person.join', subject: here }])

    // The code is used up, whoever has it.
    const other = aCitizen()
    await tencent.event(other, 'SCAN', lastScene())
    await until(() => accountSaid(other).at(-1)?.text.includes('已经用过'), 'a word about it')
    expect((await viewOf(await conversationOf(other))).history).toEqual([])
  }, 30_000)

  it('stays a stranger there where they say no, and where they say something else', async () => {
    const { token } = await onTheWeb('我也在网页上问过')
    await codeFor(token)
    const openId = aCitizen()
    await tencent.event(openId, 'SCAN', lastScene())
    const here = await askedIn(openId)
    expect(await tencent.say(openId, '异地就医怎么备案')).toMatch(/依据/)
    expect((await viewOf(here)).verified).toBeUndefined()
    expect(await tap(openId, '不用')).toContain('不接过来')
    expect((await viewOf(here)).history).toEqual([])
    // Said once more it answers nothing.
    await tencent.say(openId, '同意')
    expect((await viewOf(here)).verified).toBeUndefined()
  }, 30_000)

  it('gets no code with a pass that is not ours', async () => {
    expect((await codeFor('x'.repeat(60))).status).toBe(404)
  })
})

describe('a caller', () => {
  it('is sent a link by short message, whose page shows the code once', async () => {
    const keyRing = openKeyRing(hotline.config)
    const [call] = await rows<{ id: string }>(
      `with who as (insert into contact (created_at) values (now()) returning id)
       insert into conversation (contact_id, channel, state, agent_id, first_asked_agent_id, started_at, last_turn_at)
       select who.id, 'phone', 'agent', s.id, s.id, now(), now() from who, staff s where s.name = $1 returning id`,
      'agent1',
    )
    const id = call?.id ?? ''
    const invite = () => agent.http.post(`/api/conversations/${id}/wechat/invitation`, {})
    expect((await invite()).body).toMatchObject({ code: 'invalid_input' })
    await rows(
      `insert into callback (conversation_id, phone_sealed, phone_masked, asked_at, due_at)
       values ($1, $2, '138****8000', now(), now())`,
      id,
      keyRing.seal('13800138000'),
    )
    expect((await invite()).status).toBe(200)
    const letters = await rows<{ text_sealed: string }>(
      `select text_sealed from outbox_message where kind = 'wechat_invitation'`,
    )
    const [, path = ''] =
      /http:\/\/hotline\.test(\/wechat\/go\/\S+)/.exec(keyRing.open(letters[0]?.text_sealed ?? '')) ?? []
    const page = await fetch(hotline.url + path)
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(await page.text()).toContain('data:image/svg+xml')
    const openId = aCitizen()
    await tencent.event(openId, 'SCAN', lastScene())
    await until(() => lastMenu(openId)?.text.includes('电话上的咨询'), 'the question')
    expect((await fetch(hotline.url + path)).status).toBe(404)
    await tap(openId, '同意')
    const view = await agent.must('conversation:open', { conversationId: id })
    expect(view.history.map(({ channel }) => channel)).toEqual(['wechat'])
  }, 30_000)
})

it('keeps each kind of thing that the platform tells as what it is, and answers what it does not know with success', async () => {
  const openId = aCitizen()
  const event = (Event: string, more: Fields = {}): Fields => ({ MsgType: 'event', Event, EventKey: '', ...more })
  const sent: [Fields, string][] = [
    [event('subscribe', { EventKey: 'qrscene_entry-nat-enrol-newborn', Ticket: 't' }), 'follow'],
    [event('SCAN', { EventKey: 'entry-nat-enrol-newborn', Ticket: 't' }), 'scan'],
    [event('CLICK', { EventKey: '异地就医怎么备案' }), 'click'],
    [event('VIEW', { EventKey: 'http://a/', MenuId: '1' }), 'other'],
    [event('LOCATION', { Latitude: '33.9', Longitude: '116.8', Precision: '10' }), 'other'],
    [event('TEMPLATESENDJOBFINISH', { MsgID: '1', Status: 'success' }), 'other'],
    [event('subscribe_msg_sent_event'), 'receipt'],
    [{ MsgType: 'image', MediaId: 'm', PicUrl: 'http://a/b' }, 'image'],
    [{ MsgType: 'voice', MediaId: 'm', Format: 'amr', Recognition: '' }, 'voice'],
    [{ MsgType: 'location', Location_X: '1', Location_Y: '2', Scale: '15', Label: '医保大厅' }, 'place'],
    [{ MsgType: 'link', Title: '通知', Description: '', Url: 'https://a/' }, 'link'],
    [{ MsgType: 'hologram' }, 'other'],
    [event('unsubscribe'), 'unfollow'],
  ]
  for (const [fields] of sent) {
    await tencent.knock(openId, 'Event' in fields ? fields : { ...fields, MsgId: tencent.nextMessageId() })
  }
  const kinds = await rows<{ kind: string }>('select kind from wechat_event where openid_hash = $1', hashOf(openId))
  expect(kinds.map(({ kind }) => kind).sort()).toEqual(sent.map(([, kind]) => kind).sort())
  const id = await conversationOf(openId)
  expect(await standingOf(id)).toMatchObject({ follows: false })
}, 30_000)

it('writes no openid, token, secret or key into any log of all this', () => {
  expect(logged.length).toBeGreaterThan(0)
  const all = logged.join('\n')
  for (const secret of [appSecret, keys.aesKey, keys.token, 'access_token', 'token-1-', ...openIds])
    expect(all).not.toContain(secret)
})
