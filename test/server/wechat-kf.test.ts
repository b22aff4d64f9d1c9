/** WeChat beside the official account: the company's customer service and the mini-program, each with a stand-in of its own. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RoadStates } from '../../contract/wechat.ts'
import { wording } from '../../bot/wording.ts'
import { erasingStore } from '../../desk/data-subject-erasing.store.ts'
import { openKeyRing } from '../../server/key-ring.ts'
import { makeLog } from '../../server/log.ts'
import type { Shown } from '../../wechat/stand-in/calls.ts'
import { keyHashOf } from '../../wechat/kf/puller.ts'
import { companyStandIn, type CompanyStandIn } from '../../wechat/stand-in/company.ts'
import { miniStandIn, type MiniStandIn } from '../../wechat/stand-in/mini-program.ts'
import { tencentStandIn, type TencentStandIn } from '../../wechat/stand-in/tencent.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { anAgent, until, type Agent } from '../support/socket-clients.ts'

const aesKey = 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU'
const kfKeys = { token: 'kftoken2026', aesKey, id: 'ww1234567890abcdef' }
const accountKeys = { token: 'oatoken2026', aesKey, id: 'wx1234567890abcdef' }
const miniKeys = { token: 'minitoken2026', aesKey, id: 'wxmini7890abcdef' }
const secrets = { kf: 'a-secret-of-the-company', mini: 'a-secret-of-the-mini-program', oa: 'a-secret-of-the-account' }
const logged: string[] = []

let company: CompanyStandIn
let mini: MiniStandIn
let tencent: TencentStandIn
let hotline: TestHotline
beforeAll(async () => {
  const [kfUrl, miniUrl] = [() => `${hotline.url}/wechat/kf`, () => `${hotline.url}/wechat/mini`]
  company = await companyStandIn({ keys: kfKeys, secret: secrets.kf, callbackUrl: kfUrl, pageSize: 2 })
  tencent = await tencentStandIn({
    ...{ keys: accountKeys, appSecret: secrets.oa, mode: 'safe', callbackUrl: () => `${hotline.url}/wechat/oa` },
  })
  mini = await miniStandIn({
    ...{ keys: miniKeys, appSecret: secrets.mini, mode: 'safe', format: 'json', callbackUrl: miniUrl },
  })
  hotline = await aHotline({
    env: {
      QUEUE_MODE: 'claim',
      WECHAT_KF_CORP_ID: kfKeys.id,
      WECHAT_KF_SECRET: secrets.kf,
      WECHAT_KF_TOKEN: kfKeys.token,
      WECHAT_KF_AES_KEY: aesKey,
      WECHAT_KF_API_BASE: company.url,
      WECHAT_MINI_APP_ID: miniKeys.id,
      WECHAT_MINI_APP_SECRET: secrets.mini,
      WECHAT_MINI_TOKEN: miniKeys.token,
      WECHAT_MINI_AES_KEY: aesKey,
      WECHAT_MINI_API_BASE: mini.url,
      WECHAT_APP_ID: accountKeys.id,
      WECHAT_APP_SECRET: secrets.oa,
      WECHAT_TOKEN: accountKeys.token,
      WECHAT_AES_KEY: aesKey,
      WECHAT_API_BASE: tencent.url,
    },
    log: makeLog({ LOG_LEVEL: 'trace', PII_LOGS: false }, { write: (line) => void logged.push(line) }),
  })
})
afterAll(async () => {
  await hotline.close()
  await Promise.all([company.close(), mini.close(), tencent.close()])
})

const aCustomer = () => `wm${randomUUID().replaceAll('-', '')}`
const anOpenId = () => `o${randomUUID().replaceAll('-', '')}`
const shownBy = (screen: readonly Shown[]) => screen.filter(({ by }) => by === 'account')
const saidTo = (customer: string) => shownBy(company.screen(customer))
const told = (customer: string, count: number) =>
  until(() => saidTo(customer).length >= count && saidTo(customer), `${count} messages`)
async function rows<T extends object>(sql: string, ...given: unknown[]): Promise<T[]> {
  return (await hotline.database.pool.query<T>(sql, given)).rows
}
async function conversationOf(identity: string): Promise<string> {
  const found = await rows<{ id: string }>(
    'select c.id from conversation c join identity i on i.contact_id = c.contact_id where i.lookup_hash = $1',
    openKeyRing(hotline.config).lookupHash(identity),
  )
  return found[0]?.id ?? ''
}
const conversationWith = (customer: string) => conversationOf(`kf:${customer}`)
async function turnsOf(customer: string, speaker: string): Promise<string[]> {
  const id = await conversationWith(customer)
  const found = await rows<{ text: string }>(
    'select text from turn where conversation_id = $1 and speaker = $2 order by seq',
    ...[id, speaker],
  )
  return found.map(({ text }) => text)
}
const deliveriesOf = (conversationId: string) =>
  rows<{ state: string; code: number | null; message_id: string | null }>(
    'select state, code, message_id from wechat_delivery where conversation_id = $1 order by id',
    conversationId,
  )
const aDesk = async (): Promise<Agent> => {
  const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  await agent.must('presence:set', { state: 'online' })
  return agent
}
/** Somebody who asked for a person and has one. */
async function aServed(agent: Agent): Promise<{ customer: string; conversationId: string }> {
  const customer = aCustomer()
  await company.say(customer, '转人工')
  await told(customer, 1)
  const conversationId = await conversationWith(customer)
  await agent.must('conversation:claim', { conversationId })
  await told(customer, 2)
  return { customer, conversationId }
}
const says = (agent: Agent, conversationId: string, text: string) =>
  agent.must('turn:say', { conversationId, clientId: randomUUID(), text })

describe('the company’s door', () => {
  it('takes what the company’s own key opens, and nothing else', async () => {
    const { query, body } = company.envelope('<xml><MsgType>event</MsgType><Event>other</Event></xml>')
    const knock = (asked: string, sent: string) =>
      fetch(`${hotline.url}/wechat/kf?${asked}`, {
        method: 'POST',
        body: sent,
        headers: { 'content-type': 'text/xml' },
      })
    const good = await knock(query, body)
    expect([good.status, await good.text()]).toEqual([200, 'success'])
    for (const [asked, sent] of [
      [query, body.replace('[CDATA[', '[CDATA[AAAA')],
      [query.replace(/msg_signature=./, 'msg_signature=x'), body],
      ['', body],
      [query, '<xml/>'],
    ] as const) {
      const refused = await knock(asked, sent)
      expect([refused.status, await refused.text()]).toEqual([401, ''])
    }
  })
})

describe('a question in the customer service', () => {
  it('is answered with its source by a message with a number of ours, in a session that is the robot’s', async () => {
    const customer = aCustomer()
    await company.say(customer, '新生儿怎么参保')
    const [answer] = await told(customer, 1)
    expect(answer?.text).toMatch(/^【智能客服】[^]*依据：《.+》/)
    expect(company.stateOf(customer)).toBe(1)
    const [delivery] = await deliveriesOf(await conversationWith(customer))
    expect(delivery?.message_id).toMatch(/^[0-9a-zA-Z_-]{32}$/)
    expect(company.takenBy(customer)).toEqual([delivery?.message_id])
  })

  it('comes page by page and each thing once, though the platform is lost between two pages', async () => {
    const customers = Array.from({ length: 3 }, aCustomer)
    for (const customer of customers) for (const text of ['你好', '新生儿怎么参保']) company.write(customer, text)
    company.fault('/cgi-bin/kf/sync_msg', 'drop')
    await company.announce()
    await company.announce()
    for (const customer of customers) await told(customer, 1)
    await until(
      () => customers.every((customer) => saidTo(customer).some(({ text }) => text.includes('依据'))),
      'all answers',
    )
    for (const customer of customers) {
      expect(await turnsOf(customer, 'customer')).toEqual(['你好', '新生儿怎么参保'])
      expect(await turnsOf(customer, 'bot')).toHaveLength(2)
    }
  }, 30_000)

  it('is taken once, though it is announced again and again', async () => {
    const customer = aCustomer()
    company.write(customer, '异地就医怎么备案')
    await Promise.all([1, 2, 3].map(() => company.announce()))
    await told(customer, 1)
    await company.announce()
    expect(await turnsOf(customer, 'customer')).toHaveLength(1)
    expect(await turnsOf(customer, 'bot')).toHaveLength(1)
    const texts = saidTo(customer).map(({ text }) => text)
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('that a process had read and died over is answered by another, once', async () => {
    const customer = aCustomer()
    const msgid = company.write(customer, '新生儿怎么参保')
    const about = { msgid, open_kfid: company.account, external_userid: customer, origin: 3, msgtype: 'text' }
    const raw = { ...about, send_time: Math.floor(Date.now() / 1_000), text: { content: '新生儿怎么参保' } }
    const keys = openKeyRing(hotline.config)
    await rows(
      `insert into wechat_kf_message (key_hash, open_kfid, person_hash, raw_sealed, received_at)
       values ($1, $2, $3, $4, now() - interval '1 minute')`,
      ...[keyHashOf(`kf:${company.account}:${msgid}`), company.account],
      ...[keys.lookupHash(`kf:${customer}`), keys.seal(JSON.stringify(raw))],
    )
    await told(customer, 1)
    await company.announce()
    await company.say(customer, '谢谢')
    await expect.poll(() => turnsOf(customer, 'customer')).toEqual(['新生儿怎么参保', '谢谢'])
  }, 40_000)

  it('is the citizen’s alone: what a colleague says in the company’s app is no turn', async () => {
    const customer = aCustomer()
    await company.say(customer, '你好')
    await told(customer, 1)
    await company.colleague(customer, 'speaks')
    await expect.poll(() => rows('select 1 from wechat_kf_session where holder = $1', 'theirs')).not.toEqual([])
    expect(await turnsOf(customer, 'customer')).toEqual(['你好'])
  })
})

describe('a picture in the customer service', () => {
  it('that cannot be fetched is a turn all the same, and the citizen is told', async () => {
    const customer = aCustomer()
    company.give(customer, { msgtype: 'image', image: { media_id: 'M1' } })
    await company.announce()
    await told(customer, 1)
    expect(await turnsOf(customer, 'customer')).toEqual(['[图片]'])
    expect(saidTo(customer)[0]?.text).toContain('图片')
  })
})

describe('whoever opens the customer service', () => {
  it('is welcomed within the platform’s twenty seconds, without a conversation', async () => {
    const customer = aCustomer()
    await company.enter(customer)
    const [welcome] = await told(customer, 1)
    expect(welcome?.text).toContain('智能客服')
    expect(await conversationWith(customer)).toBe('')
  })

  it('by a code of ours is offered the question that it stands for', async () => {
    const customer = aCustomer()
    await company.enter(customer, { scene: 'entry-nat-enrol-newborn' })
    await told(customer, 1)
    expect(company.screen(customer)[0]?.choices).toHaveLength(1)
  })

  it('is not welcomed when it is heard of too late', async () => {
    const customer = aCustomer()
    await company.enter(customer, { secondsAgo: 30 })
    await company.say(customer, '你好')
    await told(customer, 1)
    expect(saidTo(customer).map(({ way }) => way)).toEqual(['custom'])
    expect(company.calls('/cgi-bin/kf/send_msg_on_event').length).toBeLessThanOrEqual(2)
  })
})

describe('a person of ours', () => {
  it('answers through the customer service, and is rated by a menu', async () => {
    const agent = await aDesk()
    const { customer, conversationId } = await aServed(agent)
    await says(agent, conversationId, '您好，请讲')
    await until(() => saidTo(customer).some(({ text }) => text.includes('您好，请讲')), 'the agent’s words')
    await company.say(customer, '我的药没报')
    await until(() => agent.turns.some(({ text }) => text === '我的药没报'), 'the citizen’s words at the desk')
    await agent.must('conversation:close', { conversationId, summary: { text: '已答复', tags: ['其他'] } })
    const asked = await until(() => company.screen(customer).find(({ choices }) => choices.length === 5), 'the rating')
    expect(asked.choices).toContain('非常不满意')
    company.write(customer, '非常不满意', '5')
    await company.announce()
    await until(() => saidTo(customer).at(-1)?.text !== asked.text, 'a word about the rating')
    expect(await rows('select 1 from rating where conversation_id = $1', conversationId)).toHaveLength(1)
    agent.close()
  }, 60_000)

  it('sees what did not arrive while a colleague has the session in the company’s app; it arrives afterwards', async () => {
    const agent = await aDesk()
    const { customer, conversationId } = await aServed(agent)
    await company.colleague(customer, 'takes')
    await says(agent, conversationId, '可以报销')
    await expect
      .poll(async () => (await deliveriesOf(conversationId)).at(-1))
      .toMatchObject({
        ...{ state: 'blocked', code: 95_018 },
      })
    expect(saidTo(customer).some(({ text }) => text.includes('可以报销'))).toBe(false)
    await company.colleague(customer, 'ends')
    await company.say(customer, '在吗')
    await until(() => saidTo(customer).some(({ text }) => text.includes('可以报销')), 'what was held up')
    expect(saidTo(customer).filter(({ text }) => text.includes('可以报销'))).toHaveLength(1)
    agent.close()
  }, 30_000)

  it('sees what did not arrive for there were five already', async () => {
    const agent = await aDesk()
    const { customer, conversationId } = await aServed(agent)
    for (let n = 1; n <= 4; n++) {
      const before = (await deliveriesOf(conversationId)).length
      await says(agent, conversationId, `第${n}句`)
      await expect.poll(async () => (await deliveriesOf(conversationId)).length).toBeGreaterThan(before)
    }
    await expect
      .poll(async () => (await deliveriesOf(conversationId)).some(({ state }) => state === 'blocked'))
      .toBe(true)
    expect(saidTo(customer).length).toBeLessThanOrEqual(5)
    await company.say(customer, '好的')
    await until(() => saidTo(customer).some(({ text }) => text.includes('第4句')), 'the last of them')
    agent.close()
  }, 30_000)

  it('is heard once, though nobody knows whether the message was taken', async () => {
    const agent = await aDesk()
    const { customer, conversationId } = await aServed(agent)
    const before = (await deliveriesOf(conversationId)).length
    company.fault('/cgi-bin/kf/send_msg', 'drop')
    await says(agent, conversationId, '请带身份证')
    await expect.poll(async () => (await deliveriesOf(conversationId))[before]?.state, { timeout: 20_000 }).toBe('sent')
    expect(saidTo(customer).filter(({ text }) => text.includes('请带身份证'))).toHaveLength(1)
    const numbers = company
      .calls('/cgi-bin/kf/send_msg')
      .map(({ body }) => body as { touser: string; msgid: string; text?: { content: string } })
      .filter(({ touser, text }) => touser === customer && text?.content.includes('请带身份证'))
    expect(numbers.length).toBeGreaterThan(1)
    expect(new Set(numbers.map(({ msgid }) => msgid)).size).toBe(1)
    agent.close()
  }, 40_000)

  it('sees what was taken and did not arrive after all', async () => {
    const agent = await aDesk()
    const { customer, conversationId } = await aServed(agent)
    await says(agent, conversationId, '请稍等')
    await until(() => saidTo(customer).some(({ text }) => text.includes('请稍等')), 'the words')
    await expect.poll(async () => (await deliveriesOf(conversationId)).at(-1)?.state).toBe('sent')
    const last = (await deliveriesOf(conversationId)).at(-1)?.message_id ?? ''
    await company.failLater(customer, last, 10)
    await expect
      .poll(async () => (await deliveriesOf(conversationId)).at(-1))
      .toMatchObject({ state: 'refused', code: 10 })
    agent.close()
  }, 30_000)
})

describe('the token of the company', () => {
  it('is fetched again when the platform has dropped it', async () => {
    const customer = aCustomer()
    const asked = company.calls('/cgi-bin/gettoken').length
    company.dropToken()
    await company.say(customer, '你好')
    await told(customer, 1)
    expect(company.calls('/cgi-bin/gettoken')).toHaveLength(asked + 1)
  })
})

it('hands a colleague’s PDF over and sends it as a file', async () => {
  const agent = await aDesk()
  const { customer, conversationId } = await aServed(agent)
  const query = new URLSearchParams({ clientId: randomUUID(), name: '申请表.pdf' })
  const sent = await fetch(`${hotline.url}/api/conversations/${conversationId}/attachments?${query.toString()}`, {
    method: 'POST',
    headers: { cookie: agent.http.cookie, 'x-csrf-token': agent.http.csrf, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(Buffer.from('%PDF-1.7 a form')),
  })
  expect(sent.status).toBe(200)
  await until(() => /^\[文件 media-\d+\]$/.test(saidTo(customer).at(-1)?.text ?? ''), 'the form')
  await agent.must('conversation:close', { conversationId, summary: '发了表' })
  agent.close()
})

describe('the mini-program', () => {
  const shown = (openId: string) => shownBy(mini.screen(openId))

  it('greets whoever opens its window once, and asks what a button asks no second time', async () => {
    const openId = anOpenId()
    await mini.enter(openId, '', 40)
    await until(() => shown(openId).length === 1 && shown(openId), 'a greeting')
    await mini.enter(openId, '', 30)
    const [entry] = await rows<{ id: string; question: string }>(
      "select entry_id as id, question from revision where state = 'published' and question like '新生儿怎么参加医保%' limit 1",
    )
    const scene = `entry-${entry?.id}`
    await mini.enter(openId, scene, 20)
    await until(() => shown(openId).length >= 2 && shown(openId), 'an answer')
    await mini.enter(openId, scene, 10)
    const conversationId = await conversationOf(`mini:${openId}`)
    const said = await rows<{ speaker: string; text: string }>(
      'select speaker, text from turn where conversation_id = $1 order by seq',
      conversationId,
    )
    expect(said.filter(({ speaker }) => speaker === 'customer').map(({ text }) => text)).toEqual([entry?.question])
    expect(said.filter(({ text }) => text === wording.greeting)).toHaveLength(1)
  })

  it('is told success, and the citizen is answered by a message', async () => {
    const openId = anOpenId()
    await mini.say(openId, '新生儿怎么参保')
    await until(() => shown(openId).length === 1, 'the answer')
    expect(shown(openId)[0]?.text).toMatch(/^【智能客服】[^]*依据：《.+》/)
    expect(mini.calls('/cgi-bin/message/custom/send').length).toBeGreaterThan(0)
  })

  it('keeps every digit of a number above what JavaScript counts: two that differ in the last are two', async () => {
    const openId = anOpenId()
    const ids = [9_223_372_036_854_775_806n, 9_223_372_036_854_775_807n]
    for (const id of [...ids, ...ids]) await mini.say(openId, '你好', id)
    const conversationId = await conversationOf(`mini:${openId}`)
    await expect
      .poll(() => rows('select 1 from turn where conversation_id = $1 and speaker = $2', conversationId, 'customer'))
      .toHaveLength(2)
    const kept = await rows<{ raw_sealed: string }>("select raw_sealed from wechat_event where road = 'mini'")
    const raw = kept.map(({ raw_sealed }) => openKeyRing(hotline.config).open(raw_sealed)).join('\n')
    for (const id of ids) expect(raw).toContain(`"MsgId":${id}`)
  })

  it('greets whoever opens its customer service, and answers the question of the button', async () => {
    const [openId, other] = [anOpenId(), anOpenId()]
    await mini.enter(openId, 'home')
    await until(() => shown(openId).length === 1, 'the greeting')
    await mini.enter(other, 'entry-nat-enrol-newborn')
    await until(() => shown(other).some(({ text }) => text.includes('依据')), 'the answer')
  })

  it('refuses what is signed and not sealed', async () => {
    const { query } = mini.envelope({})
    const refused = await fetch(`${hotline.url}/wechat/mini?${query}`, {
      method: 'POST',
      body: JSON.stringify({ ToUserName: 'gh', FromUserName: 'o', CreateTime: 1, MsgType: 'text', Content: 'x' }),
      headers: { 'content-type': 'application/json' },
    })
    expect([refused.status, await refused.text()]).toEqual([401, ''])
  })
})

describe('somebody by two roads', () => {
  it('is one where the platform says so: what they said is there, and answers go where they wrote last', async () => {
    const [openId, customer] = [anOpenId(), aCustomer()]
    tencent.unionIs(openId, `union-${openId}`)
    company.unionIs(customer, `union-${openId}`)
    await tencent.say(openId, '你好')
    const conversationId = await conversationOf(openId)
    await company.say(customer, '新生儿怎么参保')
    await told(customer, 1)
    expect(await conversationWith(customer)).toBe(conversationId)
    expect(await turnsOf(customer, 'customer')).toEqual(['你好', '新生儿怎么参保'])
    expect(saidTo(customer).some(({ text }) => text.includes('依据'))).toBe(true)
    expect(await tencent.say(openId, '谢谢')).toMatch(/^【智能客服】/)
  })

  it('stays two where the platform says nothing', async () => {
    const [openId, customer] = [anOpenId(), aCustomer()]
    await tencent.say(openId, '你好')
    await company.say(customer, '你好')
    await told(customer, 1)
    expect(await conversationWith(customer)).not.toBe(await conversationOf(openId))
  })
})

it('forgets what was read of who is erased', async () => {
  const customer = aCustomer()
  await company.say(customer, '你好')
  await told(customer, 1)
  const person = openKeyRing(hotline.config).lookupHash(`kf:${customer}`)
  const left = () =>
    rows(
      'select key_hash from wechat_kf_message where person_hash = $1 union all select person_hash from wechat_union where person_hash = $1',
      person,
    )
  expect(await left()).toHaveLength(2)
  const found = await rows<{ contact_id: string }>('select contact_id from identity where lookup_hash = $1', person)
  const ids = found.map((row) => row.contact_id)
  await hotline.db
    .transaction()
    .execute((tx) => erasingStore(tx, openKeyRing(hotline.config)).identities(ids, new Date()))
  expect(await left()).toEqual([])
})

it('counts all of it among what comes by WeChat', async () => {
  const found = await rows<{ channel: string; road: string }>(`
    select distinct c.channel, u.road from conversation c
    join wechat_line l on l.conversation_id = c.id join wechat_user u using (openid_hash) order by u.road`)
  expect(found).toEqual([
    { channel: 'wechat', road: 'kf' },
    { channel: 'wechat', road: 'mini' },
    { channel: 'wechat', road: 'oa' },
  ])
})

it('tells operators step by step how far each is set up, with the remedy for what the platform says', async () => {
  const boss = await signedIn(hotline.url, await hotline.aMember('administrator'))
  const look = async () => ((await boss.get('/api/wechat/roads')).body as RoadStates).roads
  // Whoever could not sign has knocked before.
  const customer = aCustomer()
  await company.say(customer, '你好')
  await told(customer, 1)
  await mini.say(anOpenId(), '你好')
  const [kf, program] = await look()
  expect(kf).toMatchObject({ road: 'kf', isSetUp: true, callbackUrl: `${hotline.url}/wechat/kf` })
  expect(program).toMatchObject({
    road: 'mini',
    isSetUp: true,
    mode: 'safe',
    callbackUrl: `${hotline.url}/wechat/mini`,
  })
  for (const road of [kf, program]) expect(road?.steps.map(({ state }) => state)).toEqual(Array(5).fill('done'))
  company.fault('/cgi-bin/kf/account/list', 60_020)
  const step = (await look())[0]?.steps.find(({ state }) => state === 'failed')
  expect(step).toMatchObject({ step: 'ip', told: expect.stringContaining('企业可信 IP') as string })
})

it('writes no id of a citizen, no token and no secret into any log', () => {
  expect(logged.length).toBeGreaterThan(0)
  const all = logged.join('\n')
  for (const secret of [...Object.values(secrets), aesKey, 'union-', 'access_token=', 'corpsecret', 'companytoken'])
    expect(all).not.toContain(secret)
  expect(all).not.toMatch(/\b(o|wm)[0-9a-f]{32}\b/)
})
