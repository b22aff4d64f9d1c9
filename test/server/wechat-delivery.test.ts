/** What is said in WeChat arrives once, whole and in order, though the platform is busy, slow, broken or set up wrong. */
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlertsView } from '../../contract/alert.ts'
import type { WechatStanding } from '../../contract/wechat-desk.ts'
import type { StuckView } from '../../contract/wechat-stuck.ts'
import { openKeyRing } from '../../server/key-ring.ts'
import { kfWho } from '../../wechat/kf/who.ts'
import { companyStandIn, type CompanyStandIn } from '../../wechat/stand-in/company.ts'
import { tencentStandIn, type TencentStandIn } from '../../wechat/stand-in/tencent.ts'
import { writeXml } from '../../wechat/xml.ts'
import { aHotline, aPassword, type TestHotline } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { anAgent, until, type Agent } from '../support/socket-clients.ts'

const aesKey = 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU'
const keys = { token: 'ybhotline2026', aesKey, id: 'wx1234567890abcdef' }
const kfKeys = { token: 'kftoken2026', aesKey, id: 'ww1234567890abcdef' }
const [appSecret, kfSecret] = ['a-secret-of-the-tests', 'a-secret-of-the-company']
const [messages, tokens] = ['/cgi-bin/message/custom/send', '/cgi-bin/stable_token']
const patience = { timeout: 30_000 }
const summary = { text: '已答复', tags: ['其他'] }

let tencent: TencentStandIn
let company: CompanyStandIn
let hotline: TestHotline
let agent: Agent
const told: WechatStanding[] = []
beforeAll(async () => {
  tencent = await tencentStandIn({ keys, appSecret, mode: 'plain', callbackUrl: () => `${hotline.url}/wechat/oa` })
  company = await companyStandIn({ keys: kfKeys, secret: kfSecret, callbackUrl: () => `${hotline.url}/wechat/kf` })
  hotline = await aHotline({
    env: {
      QUEUE_MODE: 'claim',
      WECHAT_APP_ID: keys.id,
      WECHAT_APP_SECRET: appSecret,
      WECHAT_TOKEN: keys.token,
      WECHAT_AES_KEY: aesKey,
      WECHAT_MODE: 'plain',
      WECHAT_API_BASE: tencent.url,
      WECHAT_KF_CORP_ID: kfKeys.id,
      WECHAT_KF_SECRET: kfSecret,
      WECHAT_KF_TOKEN: kfKeys.token,
      WECHAT_KF_AES_KEY: aesKey,
      WECHAT_KF_API_BASE: company.url,
    },
  })
  await hotline.database.pool.query('update seat_capacity set wechat = 20')
  agent = await anAgent(hotline.url, await hotline.aMember('agent', 'supervisor'))
  await agent.must('presence:set', { state: 'online' })
  agent.socket.on('wechat:standing', (standing: WechatStanding) => told.push(standing))
})
afterAll(async () => {
  agent.close()
  await hotline.close()
  await Promise.all([tencent.close(), company.close()])
})

const aCitizen = () => `o${randomUUID().replaceAll('-', '')}`
const aCustomer = () => `wm${randomUUID().replaceAll('-', '')}`
const hashOf = (identity: string) => openKeyRing(hotline.config).lookupHash(identity)
const kfUserOf = (customer: string) => kfWho.userOf({ openKfid: company.account, externalUserId: customer })
async function rows<T extends object>(sql: string, ...given: unknown[]): Promise<T[]> {
  return (await hotline.database.pool.query<T>(sql, given)).rows
}
async function conversationOf(identity: string): Promise<string> {
  const found = await rows<{ id: string }>(
    'select c.id from conversation c join identity i on i.contact_id = c.contact_id where i.lookup_hash = $1',
    hashOf(identity),
  )
  return found[0]?.id ?? expect.unreachable('no conversation')
}
const saidTo = (openId: string) => tencent.screen(openId).filter(({ by }) => by === 'account')
const heardBy = (openId: string, words: string) => saidTo(openId).filter(({ text }) => text.includes(words))
const say = (conversationId: string, text: string) =>
  agent.must('turn:say', { conversationId, clientId: randomUUID(), text })
const standingOf = async (id: string) =>
  (await agent.http.get(`/api/conversations/${id}/wechat`)).body as WechatStanding
const undelivered = async (id: string) => (await standingOf(id)).undelivered
async function alerted(): Promise<string[]> {
  const boss = await signedIn(hotline.url, { name: 'admin', password: aPassword })
  const { alerts } = (await boss.get('/api/alerts')).body as AlertsView
  return alerts.filter(({ kind }) => kind === 'wechat.failing').map(({ text }) => text)
}
const states = async (id: string) =>
  (await rows<{ state: string }>('select state from wechat_delivery where conversation_id = $1 order by id', id)).map(
    ({ state }) => state,
  )

/** In this agent's hands, and told so: one message of five is used. */
async function served(): Promise<{ openId: string; id: string }> {
  const openId = aCitizen()
  await tencent.say(openId, '转人工')
  const id = await conversationOf(openId)
  await agent.must('conversation:claim', { conversationId: id })
  await expect.poll(() => states(id), patience).toEqual(['passive', 'sent'])
  return { openId, id }
}
async function servedCustomer(): Promise<{ customer: string; id: string }> {
  const customer = aCustomer()
  const heard = (count: number) =>
    until(() => company.screen(customer).filter(({ by }) => by === 'account').length === count, 'the words')
  await company.say(customer, '转人工')
  await heard(1)
  const id = await conversationOf(`kf:${customer}`)
  await agent.must('conversation:claim', { conversationId: id })
  await heard(2)
  return { customer, id }
}

it('is nothing that comes in the clear where it is unsigned, or would harm whoever reads it', async () => {
  const clear = writeXml({
    ToUserName: 'gh',
    FromUserName: 'o1',
    CreateTime: 1,
    MsgType: 'text',
    Content: 'x',
    MsgId: '1',
  })
  const { query } = tencent.envelope(clear)
  const kept = async () => (await rows<{ n: number }>('select count(*)::int n from wechat_event'))[0]?.n
  const before = await kept()
  for (const [asked, body] of [
    ['', clear],
    [query.replace(/signature=\w+/, `signature=${'0'.repeat(40)}`), clear],
    [query, `<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>${clear.replace('[x]', '[&x;]')}`],
    [query, `<!ENTITY a "b">${clear}`],
    [query, clear.replace('</xml>', '<Content>y</Content></xml>')],
    [query, clear.replace('</xml>', '<__proto__><admin>1</admin></__proto__></xml>')],
    [query, `<xml>${'<a>'.repeat(10_000)}</xml>`],
    [query, clear.replace('[x]', `[${'x'.repeat(1_000_000)}]`)],
  ]) {
    const refused = await fetch(`${hotline.url}/wechat/oa?${asked}`, { method: 'POST', body: body ?? '' })
    expect([refused.status, await refused.text()]).toEqual([401, ''])
  }
  expect(await kept()).toBe(before)
})

describe('what WeChat does not take for now', () => {
  it('goes again by itself when WeChat was busy, in its order, once; the desk is told that nobody has to write it again', async () => {
    const { openId, id } = await served()
    const { left } = (await standingOf(id)).message ?? {}
    tencent.trouble({ path: messages, code: -1, times: 2 })
    await say(id, '第一句')
    await expect.poll(() => undelivered(id), patience).toMatchObject([{ why: 'busy', code: -1 }])
    // What was not sent is not counted either.
    expect((await standingOf(id)).message?.left).toBe(left)
    await until(() => told.some((one) => one.conversationId === id && one.undelivered[0]?.why === 'busy'), 'the news')
    await say(id, '第二句')
    await until(() => heardBy(openId, '第二句').length > 0, 'both')
    expect(
      saidTo(openId)
        .slice(2)
        .map(({ text }) => text)
        .join('\n'),
    ).toMatch(/第一句[^]*第二句/)
    expect(heardBy(openId, '第一句')).toHaveLength(1)
    await expect.poll(() => undelivered(id), patience).toEqual([])
  }, 60_000)

  it('goes again though there was no token to send it with, and administrators are told what to put right', async () => {
    const { openId, id } = await served()
    tencent.dropToken()
    tencent.trouble({ path: tokens, code: 40_164, times: 1 })
    await say(id, '请带身份证')
    await expect.poll(() => undelivered(id), patience).toMatchObject([{ why: 'set-up', code: 40_164 }])
    await until(() => heardBy(openId, '请带身份证').length > 0, 'the words')
    expect(heardBy(openId, '请带身份证')).toHaveLength(1)

    await expect.poll(() => alerted(), patience).toEqual([expect.stringMatching(/公众号.*40164.*IP 白名单/)])
    const metrics = await (await fetch(`${hotline.url}/metrics`)).text()
    expect(metrics).toMatch(/budayang_wechat_messages_total\{road="oa",state="delayed"\} [1-9]/)
  }, 60_000)

  it('waits for another token where the server of tokens is not to be reached: nothing may have arrived', async () => {
    const { openId, id } = await served()
    tencent.dropToken()
    tencent.trouble({ path: tokens, status: 502 })
    await say(id, '请稍等片刻')
    await expect.poll(() => undelivered(id), patience).toMatchObject([{ why: 'busy' }])
    await until(() => heardBy(openId, '请稍等片刻').length > 0, 'the words')
    expect(heardBy(openId, '请稍等片刻')).toHaveLength(1)
  }, 60_000)

  it('by the company’s customer service is sent again under its number where a server breaks down over it, and is read once', async () => {
    const { customer, id } = await servedCustomer()
    company.fault('/cgi-bin/kf/send_msg', 'break')
    await say(id, '可以报销')
    await expect.poll(() => states(id), patience).toContain('unknown')
    await expect.poll(() => states(id), patience).not.toContain('unknown')
    expect((await states(id)).at(-1)).toBe('sent')
    expect(company.screen(customer).filter(({ text }) => text.includes('可以报销'))).toHaveLength(1)
  }, 60_000)

  it('by the company’s customer service goes again when there were too many calls', async () => {
    const { customer, id } = await servedCustomer()
    company.fault('/cgi-bin/kf/send_msg', 45_033)
    await say(id, '马上去办')
    await expect.poll(() => undelivered(id), patience).toMatchObject([{ why: 'busy', code: 45_033 }])
    await until(() => company.screen(customer).some(({ text }) => text.includes('马上去办')), 'the words')
    expect(company.screen(customer).filter(({ text }) => text.includes('马上去办'))).toHaveLength(1)
  }, 60_000)
})

describe('what was held up', () => {
  it('is told when the citizen writes, and what went out after it is not told again', async () => {
    const { openId, id } = await served()
    tencent.trouble({ path: messages, code: 45_015 })
    await say(id, '没有送到的话')
    await expect.poll(() => states(id), patience).toEqual(['passive', 'sent', 'blocked'])
    await say(id, '送到了的话')
    await until(() => heardBy(openId, '送到了的话').length > 0, 'the second words')
    expect(await tencent.say(openId, '在吗')).toContain('没有送到的话')
    expect(heardBy(openId, '没有送到的话')).toHaveLength(1)
    expect(heardBy(openId, '送到了的话')).toHaveLength(1)
  }, 30_000)

  it('by half is told on from where it broke off', async () => {
    const { openId, id } = await served()
    tencent.trouble({ path: messages, code: 45_047, after: 1 })
    const long = Array.from({ length: 300 }, (_, n) => `第${n}项`).join('，')
    await say(id, long)
    await expect.poll(() => undelivered(id), patience).toMatchObject([{ isPartly: true, why: 'quota' }])
    await tencent.say(openId, '然后呢')
    await expect.poll(() => undelivered(id), patience).toEqual([])
    const read = saidTo(openId)
      .slice(2)
      .map(({ text }) => text)
      .join('')
    expect(read.replace(/^【.*?】/, '')).toBe(long)
  }, 30_000)

  it('at its beginning is not read from its middle on', async () => {
    const { openId, id } = await served()
    tencent.trouble({ path: messages, code: 45_002 })
    await say(id, '医'.repeat(900))
    await expect.poll(() => states(id), patience).toEqual(['passive', 'sent', 'refused', 'refused'])
    expect(heardBy(openId, '医医')).toEqual([])
    expect(await undelivered(id)).toMatchObject([{ why: 'refused', isPartly: false }])
  }, 30_000)

  it('does not keep the last message for a person once it is over: the rating is asked', async () => {
    const { openId, id } = await served()
    await rows('update wechat_user set message_used = 4 where openid_hash = $1', hashOf(openId))
    await agent.must('conversation:close', { conversationId: id, summary })
    await until(() => saidTo(openId).at(-1)?.choices.length === 5, 'the rating')
    expect((await standingOf(id)).message?.left).toBe(0)
  }, 30_000)

  /** As if all of it had been so many hours ago; without a word of theirs since, or with all of them used up. */
  async function longAgo(identity: string, id: string, hours: number): Promise<void> {
    const back = `interval '${hours} hours'`
    await rows(
      `update wechat_user set message_at = message_at - ${back}, message_used = 5 where openid_hash = $1`,
      hashOf(identity),
    )
    await rows(`update conversation set last_turn_at = last_turn_at - ${back} where id = $1`, id)
  }
  const newest = async (identity: string) =>
    (
      await rows<{ id: string }>(
        `select c.id from conversation c join wechat_line l on l.conversation_id = c.id
          where l.openid_hash = $1 order by c.started_at desc limit 1`,
        hashOf(identity),
      )
    )[0]?.id

  it.each([25, 49])(
    'is told first when they come back after %i hours, in another conversation',
    async (hours) => {
      const { openId, id } = await served()
      await longAgo(openId, id, hours)
      await say(id, '您的材料已经受理')
      await agent.must('conversation:close', { conversationId: id, summary })
      await expect.poll(() => states(id), patience).toEqual(['passive', 'sent', 'blocked', 'blocked'])
      await longAgo(openId, id, hours)
      const before = saidTo(openId).length
      expect(await tencent.say(openId, '新生儿怎么参保')).toContain('依据：')
      expect(await newest(openId)).not.toBe(id)
      const said = saidTo(openId)
        .slice(before)
        .map(({ text }) => text)
      expect(said.slice(0, -1).join('\n')).toMatch(/您的材料已经受理[^]*打个分/)
      expect(said.at(-1)).toContain('依据：')
      expect(heardBy(openId, '您的材料已经受理')).toHaveLength(1)
      expect(await undelivered(id)).toEqual([])
    },
    30_000,
  )

  it.each([25, 49])(
    'is told so by the company’s customer service after %i hours as well',
    async (hours) => {
      const { customer, id } = await servedCustomer()
      await longAgo(kfUserOf(customer), id, hours)
      await say(id, '您的材料已经受理')
      await agent.must('conversation:close', { conversationId: id, summary })
      await expect.poll(async () => (await states(id)).slice(2), patience).toEqual(['blocked', 'blocked'])
      await longAgo(kfUserOf(customer), id, hours)
      await company.say(customer, '新生儿怎么参保')
      const heard = () => company.screen(customer).filter(({ by }) => by === 'account')
      await until(() => heard().some(({ text }) => text.includes('依据：')), 'the answer')
      const all = heard().map(({ text }) => text)
      expect(all.findIndex((text) => text.includes('您的材料已经受理'))).toBeLessThan(
        all.findIndex((text) => text.includes('依据：')),
      )
      expect(all.filter((text) => text.includes('您的材料已经受理'))).toHaveLength(1)
    },
    30_000,
  )
})

describe('an answer on the spot', () => {
  it('is none behind sends that are slow: the platform hears success in time, and the citizen by a message', async () => {
    const { openId, id } = await served()
    // Two after another, of which the platform waits for neither.
    tencent.trouble({ path: messages, ms: 4_500, times: 2 })
    await say(id, '第一句')
    await until(() => tencent.calls(messages).length > 0 && heardBy(openId, '第一句').length > 0, 'the slow send')
    await agent.must('conversation:close', { conversationId: id, summary: { text: '已答复', tags: ['其他'] } })
    const heard = await tencent.say(openId, '新生儿怎么参保')
    expect(heard).toBeUndefined()
    await until(() => heardBy(openId, '依据：').length > 0, 'the answer')
    expect(heardBy(openId, '依据：').map(({ way }) => way)).toEqual(['custom'])
  }, 60_000)
})

describe('what was taken and never seen to its end', () => {
  async function leftOver(
    openId: string,
    rawSealed: string,
    { tries = 0, id = String(randomUUID()) } = {},
  ): Promise<Buffer> {
    const keyHash = createHash('sha256').update(`m:${id}`).digest()
    await rows(
      `insert into wechat_event (key_hash, openid_hash, kind, road, raw_sealed, received_at, tries)
       values ($1, $2, 'text', 'oa', $3, now() - interval '1 hour', $4)`,
      ...[keyHash, hashOf(openId), rawSealed, tries],
    )
    return keyHash
  }
  const anHourAgo = (openId: string, id: string, words = '新生儿怎么参保') =>
    openKeyRing(hotline.config).seal(
      writeXml({
        ...{ ToUserName: tencent.account, FromUserName: openId, MsgId: id, MsgType: 'text' },
        ...{ CreateTime: Math.floor(Date.now() / 1_000) - 3_600, Content: words },
      }),
    )

  it('is worked on by somebody else, whatever stands before it, and grants nothing anew', async () => {
    const [openId, gone] = [aCitizen(), aCitizen()]
    for (const who of [openId, gone]) await tencent.say(who, '你好')
    await tencent.event(gone, 'unsubscribe')
    await rows('update wechat_user set message_used = 2 where openid_hash = $1', hashOf(openId))
    const bad = await leftOver(aCitizen(), 'sealed by nobody', { tries: 9 })
    for (const [who, id] of [
      [openId, tencent.nextMessageId()],
      [gone, tencent.nextMessageId()],
    ] as const)
      await leftOver(who, anHourAgo(who, id), { id })

    await until(() => heardBy(openId, '依据：').length > 0, 'the answer')
    expect((await standingOf(await conversationOf(openId))).message?.left).toBe(2)
    const id = await conversationOf(gone)
    await expect.poll(() => states(id), patience).toContain('blocked')
    expect((await standingOf(id)).follows).toBe(false)
    // What was tried ten times is given up, and somebody is told.
    expect(await rows('select 1 from wechat_event where key_hash = $1 and done_at is not null', bad)).toHaveLength(1)
    await expect.poll(() => alerted(), patience).toContainEqual(expect.stringContaining('多次处理失败'))
  }, 60_000)

  it('is tried later and later, at once where an operator says so; given up, its citizen is told, once', async () => {
    const boss = await signedIn(hotline.url, { name: 'admin', password: aPassword })
    const stuck = async (keyHash: Buffer) =>
      ((await boss.get('/api/wechat/stuck')).body as StuckView).stuck.find(({ id }) => id === keyHash.toString('hex'))
    // Nothing of this citizen's can be worked on; whoever is told so is told by the same table.
    await rows(`create or replace function break_down() returns trigger language plpgsql as
      $$ begin if new.text = '坏了的话' then raise 'broken down'; end if; return new; end $$`)
    await rows('create trigger break_down before insert on turn for each row execute function break_down()')
    const openId = aCitizen()
    await tencent.say(openId, '你好')
    const id = tencent.nextMessageId()
    const keyHash = await leftOver(openId, anHourAgo(openId, id, '坏了的话'), { id, tries: 8 })
    const triesOf = async () => (await stuck(keyHash))?.tries
    await expect.poll(triesOf, patience).toBe(9)
    const waiting = await stuck(keyHash)
    expect(waiting).toMatchObject({ road: 'oa', cause: expect.stringContaining('broken down') as string })
    expect(Date.parse(waiting?.againAt ?? '') - Date.now()).toBeGreaterThan(50 * 60_000)

    const again = () => boss.post(`/api/wechat/stuck/${keyHash.toString('hex')}/again`, {})
    expect((await again()).status).toBe(200)
    await expect.poll(async () => (await stuck(keyHash))?.givenUpAt, patience).toBeTruthy()
    await until(() => heardBy(openId, '“坏了的话”，系统没能处理').length > 0, 'the citizen to be told')
    await rows('drop trigger break_down on turn')
    await again()
    await expect.poll(triesOf, patience).toBeUndefined()
    const said = await rows(
      `select 1 from turn where conversation_id = $1 and text = '坏了的话'`,
      await conversationOf(openId),
    )
    expect(said).toHaveLength(1)
    expect(heardBy(openId, '系统没能处理')).toHaveLength(1)
    expect(await rows(`select 1 from audit where act = 'wechat.again'`)).toHaveLength(2)
    expect((await boss.post(`/api/wechat/stuck/${'0'.repeat(64)}/again`, {})).status).toBe(404)
  }, 90_000)

  it('though it was said and nobody told it, is told', async () => {
    const { openId, id } = await served()
    await say(id, '说了没有人转告')
    await expect.poll(() => states(id), patience).toEqual(['passive', 'sent', 'sent'])
    await rows('delete from wechat_delivery where conversation_id = $1 and from_seq > 3', id)
    await rows('update wechat_line set told_seq = told_seq - 1 where conversation_id = $1', id)
    await rows(`update conversation set last_turn_at = last_turn_at - interval '1 minute' where id = $1`, id)
    await until(() => heardBy(openId, '说了没有人转告').length === 2, 'the words')
  }, 30_000)
})

describe('who writes', () => {
  it('does not wait for the files of others, and what one citizen sent stays in its order', async () => {
    tencent.trouble({ path: '/cgi-bin/media/get', ms: 6_000, times: 9 })
    const others = Array.from({ length: 9 }, aCitizen)
    const sent = others.map((openId) => tencent.sendFile(openId, 'image', Buffer.from('no picture'), 'image/png'))
    await expect.poll(() => tencent.calls('/cgi-bin/media/get').length, patience).toBeGreaterThanOrEqual(4)
    const [first = ''] = others
    const after = tencent.say(first, '新生儿怎么参保')
    expect(await tencent.say(aCitizen(), '新生儿怎么参保')).toContain('依据：')
    await Promise.all([...sent, after])
    await until(() => heardBy(first, '依据：').length > 0, 'the answer behind the picture')
    const said = await rows<{ text: string }>(
      `select text from turn where conversation_id = $1 and speaker = 'customer' order by seq`,
      await conversationOf(first),
    )
    expect(said.map(({ text }) => text)).toEqual(['[图片]', '新生儿怎么参保'])
  }, 60_000)

  it('by tapping what was offered may be written to three times within a minute, and not five times more', async () => {
    const openId = aCitizen()
    await tencent.say(openId, '你好')
    await rows('update wechat_user set message_used = 3 where openid_hash = $1', hashOf(openId))
    await tencent.say(openId, '新生儿怎么参保', { isTapped: true })
    expect(await standingOf(await conversationOf(openId))).toMatchObject({ message: { left: 2 }, moment: { left: 3 } })
  }, 30_000)
})

describe('the desk', () => {
  it('is told at once of what was taken and did not arrive after all', async () => {
    const { customer, id } = await servedCustomer()
    await say(id, '请稍等')
    await expect.poll(() => states(id), patience).toEqual(['sent', 'sent', 'sent'])
    const [last] = await rows<{ message_id: string }>(
      'select message_id from wechat_delivery where conversation_id = $1 order by id desc limit 1',
      id,
    )
    await agent.must('conversation:open', { conversationId: id })
    const before = told.length
    await company.failLater(customer, last?.message_id ?? '', 10)
    await until(
      () => told.slice(before).some((one) => one.conversationId === id && one.undelivered[0]?.why === 'gone'),
      'the news of it',
    )
  }, 30_000)
})
