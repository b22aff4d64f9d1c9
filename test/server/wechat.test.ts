/** The official account over HTTP: a stand-in of the platform at one end, the whole hotline at the other. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wording } from '../../bot/wording.ts'
import { makeLog } from '../../server/log.ts'
import { openKeyRing } from '../../server/key-ring.ts'
import { tencentStandIn, type Fields, type TencentStandIn } from '../../wechat/stand-in/tencent.ts'
import type { WechatState } from '../../contract/wechat.ts'
import { sealEnvelope } from '../../wechat/envelope.ts'
import { writeXml } from '../../wechat/xml.ts'
import { getSignature } from '@wecom/crypto'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { anAgent, until } from '../support/socket-clients.ts'

const keys = {
  token: 'ybhotline2026',
  aesKey: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU',
  id: 'wx1234567890abcdef',
}
const appSecret = 'a-secret-of-the-tests'
const logged: string[] = []

let tencent: TencentStandIn
let hotline: TestHotline
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
    },
    log: makeLog({ LOG_LEVEL: 'trace', PII_LOGS: false }, { write: (line) => void logged.push(line) }),
  })
})
afterAll(async () => {
  await hotline.close()
  await tencent.close()
})

const aCitizen = () => `o${randomUUID().replaceAll('-', '')}`
const accountSaid = (openId: string) => tencent.screen(openId).filter(({ by }) => by === 'account')
const callback = (path: string, init?: RequestInit) => fetch(`${hotline.url}/wechat/oa${path}`, init)
async function count(sql: string): Promise<number> {
  return (await hotline.database.pool.query<{ n: number }>(`select count(*)::int n from ${sql}`)).rows[0]?.n ?? -1
}
async function conversationOf(openId: string): Promise<string> {
  const { rows } = await hotline.database.pool.query<{ conversation_id: string }>(
    'select conversation_id from wechat_line where openid_hash = $1',
    [openKeyRing(hotline.config).lookupHash(openId)],
  )
  return rows[0]?.conversation_id ?? ''
}

describe('the door', () => {
  it('gives the verification back as plain text, and nothing to who cannot sign', async () => {
    const signed = 'signature=a42b0d8c2c0cae703a03ead5c7ec357ae30b8c58&timestamp=1767225600&nonce=846392017'
    const good = await callback(`?${signed}&echostr=%3Cb%3E8214`)
    expect([good.status, await good.text()]).toEqual([200, '<b>8214'])
    expect(good.headers.get('content-type')).toMatch(/^text\/plain/)
    const bad = await callback(`?${signed.replace('a42b', 'a42c')}&echostr=8214`)
    expect([bad.status, await bad.text()]).toEqual([401, ''])
  })

  it('is closed in one way to whatever is not the platform’s own sealed word, and keeps nothing of it', async () => {
    const before = await count('wechat_event')
    const clear = writeXml({
      ToUserName: 'gh',
      FromUserName: 'o1',
      CreateTime: 1,
      MsgType: 'text',
      Content: 'x',
      MsgId: '1',
    })
    const { query, body } = tencent.envelope(clear)
    const other = new URLSearchParams(query)
    other.set('msg_signature', '0'.repeat(40))
    const old = new URLSearchParams(query)
    old.set('timestamp', '1')
    /** Signed as the platform signs it, whatever it is. */
    const signed = (sealed: string): [string, string] => {
      const [timestamp, nonce] = [String(Math.floor(Date.now() / 1_000)), '846392017']
      const signature = getSignature(keys.token, timestamp, nonce, sealed)
      const asked = new URLSearchParams({ timestamp, nonce, msg_signature: signature })
      return [asked.toString(), `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`]
    }
    const sealedFor = (id: string) => sealEnvelope({ ...keys, id }, clear, { timestamp: '1', nonce: '1' }).sealed
    const padded = Buffer.from(sealedFor(keys.id), 'base64')
    padded.set([1], padded.length - 1)
    const tried: [string, string][] = [
      [query, clear], // signed, and not sealed
      ['', clear],
      [other.toString(), body],
      [old.toString(), body],
      [query, body.replace('[CDATA[', '[CDATA[AAAA')],
      [query, `<!DOCTYPE a>${body}`],
      [query, '<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>'],
      [query, 'x'.repeat(1_000_000)],
      [query, '<a>'.repeat(10_000)],
      signed(sealedFor('wx0000000000000000')),
      signed(padded.toString('base64')),
      signed(sealedFor(keys.id).slice(0, 40)),
      signed('AAAA'),
    ]
    for (const [asked, sent] of tried) {
      const refused = await callback(`?${asked}`, {
        method: 'POST',
        body: sent,
        headers: { 'content-type': 'text/xml' },
      })
      expect([refused.status, await refused.text()]).toEqual([401, ''])
    }
    expect(await count('wechat_event')).toBe(before)
  })
})

describe('a question', () => {
  it('is answered on the spot with its source, sealed, and costs no message', async () => {
    const openId = aCitizen()
    const said = await tencent.say(openId, '新生儿怎么参保')
    expect(said).toMatch(/^【智能客服】/)
    expect(said).toMatch(/依据：《.+》/)
    expect(accountSaid(openId).map(({ way }) => way)).toEqual(['passive'])
    expect(tencent.calls('/cgi-bin/message/custom/send')).toEqual([])
  })

  it('that comes three times at once is one, and all three hear the same', async () => {
    const openId = aCitizen()
    const fields = { MsgType: 'text', Content: '异地就医怎么备案', MsgId: tencent.nextMessageId() }
    const heard = await Promise.all([1, 2, 3].map(() => tencent.knock(openId, fields)))
    const later = await tencent.knock(openId, fields)
    expect(new Set([...heard, later]).size).toBe(1)
    expect(heard[0]).toContain('【智能客服】')
    const id = await conversationOf(openId)
    expect(await count(`turn where conversation_id = '${id}' and speaker = 'customer'`)).toBe(1)
    expect(await count(`turn where conversation_id = '${id}' and speaker = 'bot'`)).toBe(1)
    expect(await count(`wechat_delivery where conversation_id = '${id}'`)).toBe(1)
  })

  it('that is a tap of the menu is one too, and another tap in the same second is another', async () => {
    const openId = aCitizen()
    const CreateTime = Math.floor(Date.now() / 1_000)
    const tap = (EventKey: string) => ({ MsgType: 'event', Event: 'CLICK', EventKey, CreateTime })
    const heard = await Promise.all([1, 2, 3].map(() => tencent.knock(openId, tap('异地就医怎么备案'))))
    expect(new Set(heard).size).toBe(1)
    expect(await tencent.knock(openId, tap('新生儿怎么参保'))).toContain('依据：')
    const id = await conversationOf(openId)
    const said = await hotline.database.pool.query<{ text: string }>(
      `select text from turn where conversation_id = $1 and speaker = 'customer' order by seq`,
      [id],
    )
    expect(said.rows.map(({ text }) => text)).toEqual(['异地就医怎么备案', '新生儿怎么参保'])
  })

  it('is told together with the answer to what was asked in vain before, once', async () => {
    const openId = aCitizen()
    const asked = '救援队直升机由谁派出'
    await tencent.say(openId, asked)
    const id = await conversationOf(openId)
    await hotline.database.pool.query(
      `with made as (
         insert into gap (state, question, entry_id, revision_number, opened_at, last_asked_at, moved_at)
         select 'published', $2, id, 1, now(), now(), now() from entry where id = $3 returning id
       )
       insert into gap_question (conversation_id, seq, gap_id, contact_id, cause, question, compared, asked_at)
       select c.id, 2, made.id, c.contact_id, 'unknown', $2, $2, now() from made, conversation c where c.id = $1`,
      [id, asked, 'nat-code-activate'],
    )
    await tencent.say(openId, '新生儿怎么参保')
    const told = () => accountSaid(openId).map(({ text }) => text)
    await until(() => told().join().includes(wording.gapAnswered(asked)), 'the answer of today')
    expect(told().join().split('【智能客服】')).toHaveLength(
      1 + (await count(`turn where conversation_id = '${id}' and speaker = 'bot'`)),
    )
    await tencent.say(openId, '谢谢')
    expect(told().filter((text) => text.includes(wording.gapAnswered(asked)))).toHaveLength(1)
  })

  it('whose answer takes too long is told success in time, and answered once by a message', async () => {
    const openId = aCitizen()
    await tencent.say(openId, '你好')
    const id = await conversationOf(openId)
    const writer = await hotline.database.pool.connect()
    await writer.query('begin')
    await writer.query('select 1 from conversation where id = $1 for update', [id])
    const heard = await tencent.say(openId, '断缴了怎么办')
    expect(heard).toBeUndefined()
    await writer.query('rollback')
    writer.release()
    await until(() => accountSaid(openId).length === 2, 'the answer')
    expect(accountSaid(openId).map(({ way }) => way)).toEqual(['passive', 'custom'])
    expect(await count(`turn where conversation_id = '${id}' and speaker = 'customer'`)).toBe(2)
  }, 30_000)
})

describe('a person', () => {
  it('talks through the account, and the rating of it opens a case', async () => {
    const openId = aCitizen()
    const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
    await agent.must('presence:set', { state: 'online' })
    expect(await tencent.say(openId, '转人工')).toContain('正在为您转接人工')
    const conversationId = await conversationOf(openId)
    await agent.must('conversation:claim', { conversationId })
    await agent.must('turn:say', { conversationId, clientId: randomUUID(), text: '您好，请讲' })
    await until(() => accountSaid(openId).some(({ text }) => text.includes('您好，请讲')), 'the agent’s words')
    expect(accountSaid(openId).find(({ text }) => text.includes('您好，请讲'))?.text).toMatch(/【工号 \w+】您好，请讲/)
    expect(await tencent.say(openId, '我的药没报')).toBeUndefined()
    await until(() => agent.turns.some(({ text }) => text === '我的药没报'), 'the citizen’s words at the desk')

    await agent.must('conversation:close', { conversationId, summary: { text: '已答复', tags: ['其他'] } })
    const asked = await until(
      () => accountSaid(openId).find(({ choices }) => choices.includes('非常不满意')),
      'the rating as a menu',
    )
    expect(asked.choices).toHaveLength(5)
    await tencent.say(openId, '非常不满意', { isTapped: true })
    await until(() => accountSaid(openId).at(-1)?.text !== asked.text, 'a word about the rating')
    for (let n = 0; n < 3 && (await count(`case_file where conversation_id = '${conversationId}'`)) === 0; n++)
      await tencent.say(openId, '不用了')
    expect(await count(`case_file where conversation_id = '${conversationId}'`)).toBe(1)
    agent.close()
  }, 60_000)
})

describe('what may be sent', () => {
  it('is held back when the citizen has not written for two days, and told when they write again, once', async () => {
    const openId = aCitizen()
    const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
    await agent.must('presence:set', { state: 'online' })
    await tencent.say(openId, '转人工')
    const conversationId = await conversationOf(openId)
    await agent.must('conversation:claim', { conversationId })
    await until(() => accountSaid(openId).length === 2, 'the greeting of the agent')
    await hotline.database.pool.query(`update wechat_user set message_at = message_at - interval '48 hours'`)
    const before = tencent.calls('/cgi-bin/message/custom/send').length
    await agent.must('turn:say', { conversationId, clientId: randomUUID(), text: '查到了，可以报 ]]> 完' })
    await expect
      .poll(() => count(`wechat_delivery where conversation_id = '${conversationId}' and state = 'blocked'`))
      .toBe(1)
    expect(tencent.calls('/cgi-bin/message/custom/send')).toHaveLength(before)
    const heard = await tencent.say(openId, '在吗')
    expect(heard).toContain('查到了，可以报 ]]> 完')
    expect(accountSaid(openId).filter(({ text }) => text.includes('查到了'))).toHaveLength(1)
    agent.close()
  }, 30_000)

  it.each([45_047, 45_015])(
    'is marked blocked, and not delivered, where the platform says otherwise than we: %i',
    async (code) => {
      const openId = aCitizen()
      const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
      await agent.must('presence:set', { state: 'online' })
      await tencent.say(openId, '转人工')
      const conversationId = await conversationOf(openId)
      await agent.must('conversation:claim', { conversationId })
      await until(() => accountSaid(openId).length === 2, 'the greeting of the agent')
      tencent.refuse(code)
      await agent.must('turn:say', { conversationId, clientId: randomUUID(), text: '请稍等' })
      await expect
        .poll(() =>
          count(`wechat_delivery where conversation_id = '${conversationId}' and state = 'blocked' and code = ${code}`),
        )
        .toBe(1)
      expect(accountSaid(openId).some(({ text }) => text.includes('请稍等'))).toBe(false)
      agent.close()
    },
    30_000,
  )
})

describe('the token', () => {
  it('is fetched once for many, and once again when the platform has dropped it', async () => {
    const asked = tencent.calls('/cgi-bin/stable_token').length
    tencent.dropToken()
    const openIds = Array.from({ length: 10 }, aCitizen)
    const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
    await agent.must('presence:set', { state: 'online' })
    await Promise.all(openIds.map((openId) => tencent.event(openId, 'subscribe')))
    const long = '请逐字念一遍：'.concat('医'.repeat(900))
    await Promise.all(openIds.map((openId) => tencent.say(openId, '转人工')))
    const ids = await Promise.all(openIds.map(conversationOf))
    for (const conversationId of ids.slice(0, 1)) {
      await agent.must('conversation:claim', { conversationId })
      await agent.must('turn:say', { conversationId, clientId: randomUUID(), text: long })
    }
    const [first = ''] = openIds
    await until(
      () =>
        accountSaid(first)
          .map(({ text }) => text)
          .join('')
          .includes('医'.repeat(200)),
      'a long message',
    )
    expect(accountSaid(first).every(({ text }) => Buffer.byteLength(text) <= 2_048)).toBe(true)
    expect(tencent.calls('/cgi-bin/stable_token')).toHaveLength(asked + 1)
    agent.close()
  }, 30_000)
})

describe('whatever else comes', () => {
  it.each([
    [
      'a voice that the platform wrote down',
      { MsgType: 'voice', MediaId: 'm', Format: 'amr', Recognition: '新生儿怎么参保' },
      /依据/,
    ],
    ['a voice that nobody wrote down', { MsgType: 'voice', MediaId: 'm', Format: 'amr', Recognition: '' }, /打字/],
    ['a picture', { MsgType: 'image', MediaId: 'm', PicUrl: 'http://a/b' }, /打字/],
    ['somebody who follows', { MsgType: 'event', Event: 'subscribe', EventKey: '' }, /智能客服/],
    ['a tap on the menu', { MsgType: 'event', Event: 'CLICK', EventKey: '异地就医怎么备案' }, /依据/],
  ] as [string, Fields, RegExp][])('is answered: %s', async (_what, fields, answer) => {
    const openId = aCitizen()
    const id: Fields = fields['MsgType'] === 'event' ? {} : { MsgId: tencent.nextMessageId() }
    expect(await tencent.knock(openId, { ...fields, ...id })).toMatch(answer)
  })

  it('answers the entry whose code was scanned', async () => {
    const { rows } = await hotline.database.pool.query<{ entry_id: string; question: string }>(
      `select entry_id, wording ->> 'question' as question from revision
        where state = 'published' and wording ->> 'region' is null limit 1`,
    )
    const [entry] = rows
    const openId = aCitizen()
    expect(await tencent.event(openId, 'SCAN', `entry-${entry?.entry_id}`)).toMatch(/依据/)
    expect(await tencent.event(aCitizen(), 'subscribe', `qrscene_entry-${entry?.entry_id}`)).toMatch(/依据/)
  })

  it.each<Fields>([
    { MsgType: 'event', Event: 'unsubscribe', EventKey: '' },
    { MsgType: 'event', Event: 'LOCATION', EventKey: '', Latitude: '1', Longitude: '2' },
    { MsgType: 'event', Event: 'VIEW', EventKey: 'http://a' },
    { MsgType: 'hologram', MsgId: '5' },
  ])('is taken without an answer: %o', async (fields) => {
    expect(await tencent.knock(aCitizen(), fields)).toBeUndefined()
  })
})

describe('for operators', () => {
  it('tells step by step how far it is set up, with the remedy for what the platform says', async () => {
    const boss = await signedIn(hotline.url, await hotline.aMember('administrator'))
    const { body } = await boss.get('/api/wechat')
    expect(body).toMatchObject({ isSetUp: true, mode: 'safe', callbackUrl: `${hotline.url}/wechat/oa` })
    expect((body as WechatState).steps.map(({ state }) => state)).toEqual([...Array<string>(5).fill('done'), 'open'])
  })

  it('publishes the menu, whose taps are answered, and refuses what the platform would', async () => {
    const boss = await signedIn(hotline.url, await hotline.aMember('administrator'))
    const menu = {
      buttons: [
        { name: '问政策', does: 'say', value: '异地就医怎么备案' },
        { name: '更多', buttons: [{ name: '政策地图', does: 'link', value: 'https://example.org/policy' }] },
      ],
    }
    expect((await boss.post('/api/wechat/menu', menu)).status).toBe(200)
    expect(tencent.menu()).toEqual({
      button: [
        { type: 'click', name: '问政策', key: '异地就医怎么备案' },
        { name: '更多', sub_button: [{ type: 'view', name: '政策地图', url: 'https://example.org/policy' }] },
      ],
    })
    expect(((await boss.get('/api/wechat')).body as WechatState).menu.buttons).toHaveLength(2)
    const long = await boss.post('/api/wechat/menu', {
      buttons: [{ name: '名称实在是太长了', does: 'say', value: '你好' }],
    })
    expect(long.body).toMatchObject({ code: 'invalid_input', fields: [{ path: 'buttons.0.name' }] })
    tencent.refuse(48_001)
    const refused = await boss.post('/api/wechat/menu', menu)
    expect(refused.body).toMatchObject({ fields: [{ message: expect.stringContaining('48001') as string }] })
  })

  it('draws a code that leads to an entry', async () => {
    const editor = await signedIn(hotline.url, await hotline.aMember('editor'))
    const { body } = await editor.post('/api/wechat/codes', { entryId: 'nat-enrol-newborn' })
    expect(body).toMatchObject({ title: expect.any(String) as string, svg: expect.stringContaining('<svg') as string })
    expect((await editor.post('/api/wechat/codes', { entryId: 'no-such' })).status).toBe(404)
  })
})

it('writes no openid, token or secret into any log', () => {
  expect(logged.length).toBeGreaterThan(0)
  const all = logged.join('\n')
  for (const secret of [appSecret, keys.aesKey, 'access_token=', 'token-1-']) expect(all).not.toContain(secret)
  expect(all).not.toMatch(/\bo[0-9a-f]{32}\b/)
})
