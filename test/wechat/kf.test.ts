/** The company's customer service, by its rules: what came, who has the session, how a message is written. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callback, callbackQuery } from '../../wechat/callback.ts'
import { readAnnouncement } from '../../wechat/kf/announcement.ts'
import { readKfItem } from '../../wechat/kf/inbound.ts'
import { kfContent, kfMenu, kfMessageId } from '../../wechat/kf/outgoing.ts'
import { holderOf, mustAsk, serviceStates } from '../../wechat/kf/session.ts'
import { messagesOf } from '../../wechat/outgoing.ts'

const kfid = 'wkA'
const told = (more: object) => ({
  ...{ msgid: 'm1', open_kfid: kfid, external_userid: 'wmB', send_time: 1_767_225_600, origin: 3 },
  ...more,
})
const event = (more: object) => told({ external_userid: undefined, origin: 4, msgtype: 'event', event: more })
const item = (raw: object) => readKfItem(raw, kfid)

describe('the company’s callback', () => {
  const keys = { token: 'QDG6eK', aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', id: 'wx5823bf96d3bd56c7' }
  const verification = {
    msg_signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
    timestamp: '1409659589',
    nonce: '263014780',
    echostr: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
  }
  const door = callback({ keys, mode: 'safe', mostAgeSeconds: 600, isEchoSealed: true, now: () => new Date() })

  it('is verified by opening what came sealed, as in Tencent’s own example', () => {
    expect(door.verified(callbackQuery.parse(verification))).toBe('1616140317555161061')
  })

  it('gives nothing back to who signed in the open, or otherwise', () => {
    const { msg_signature: signature, ...rest } = verification
    for (const query of [
      { ...rest, signature },
      { ...verification, msg_signature: `0${signature.slice(1)}` },
    ])
      expect(door.verified(callbackQuery.parse(query))).toBeUndefined()
  })

  it('says of which account there is something to read', () => {
    const xml = (event: string, more = '') =>
      `<xml><ToUserName>ww1</ToUserName><MsgType>event</MsgType><Event>${event}</Event>${more}</xml>`
    const whole = '<Token><![CDATA[ENC1]]></Token><OpenKfId><![CDATA[wkA]]></OpenKfId>'
    expect(readAnnouncement(xml('kf_msg_or_event', whole))).toEqual({ openKfid: 'wkA', token: 'ENC1' })
    expect(readAnnouncement(xml('change_contact'))).toBe('other')
    expect(readAnnouncement(xml('kf_msg_or_event'))).toBeUndefined()
    expect(readAnnouncement('<html/>')).toBeUndefined()
  })
})

describe('what was read', () => {
  it('is a turn where a citizen wrote it, and by the same number the same one', () => {
    const text = { msgtype: 'text', text: { content: ' 断缴了怎么办 ' } }
    expect(item(told(text))).toMatchObject({
      by: 'citizen',
      key: 'kf:wkA:m1',
      inbound: { kind: 'text', text: '断缴了怎么办', isFromMenu: false, openId: 'wmB', account: kfid },
    })
    expect(item(told({ ...text, text: { content: '满意', menu_id: '2' } }))).toMatchObject({
      inbound: { isFromMenu: false },
    })
  })

  it.each([
    ['voice', { voice: { media_id: 'M' } }, { kind: 'voice', mediaId: 'M' }],
    ['image', { image: { media_id: 'M' } }, { kind: 'image', mediaId: 'M' }],
    ['video', { video: { media_id: 'M' } }, { kind: 'video', mediaId: 'M' }],
    ['file', { file: { media_id: 'M' } }, { kind: 'file', mediaId: 'M' }],
    [
      'location',
      { location: { latitude: 1.5, longitude: 2.5, name: '医保局', address: '滨河路' } },
      { kind: 'place', label: '医保局 滨河路（纬度 1.5，经度 2.5）' },
    ],
    ['link', { link: { title: '通知', url: 'https://a' } }, { kind: 'link', title: '通知', url: 'https://a' }],
    ['business_card', { business_card: { userid: 'x' } }, { kind: 'other', what: 'business_card' }],
    ['text', { text: { content: '  ' } }, { kind: 'other', what: 'text' }],
    ['hologram', {}, { kind: 'other', what: 'hologram' }],
  ])('is known by its kind: %s', (msgtype, more, inbound) => {
    expect(item(told({ msgtype, ...more }))).toMatchObject({ by: 'citizen', inbound })
  })

  it('is no turn where a colleague said it in the company’s app, or nobody knows who', () => {
    const text = { msgtype: 'text', text: { content: '我是同事' } }
    expect(item(told({ ...text, origin: 5 }))).toMatchObject({ by: 'colleague', session: { externalUserId: 'wmB' } })
    expect(item(told({ ...text, origin: 9 }))).toMatchObject({ by: 'platform', event: { kind: 'nothing' } })
  })

  it.each([
    [
      { event_type: 'enter_session', external_userid: 'wmB', welcome_code: 'C', scene_param: 'entry-a' },
      { kind: 'entered', welcomeCode: 'C', scene: 'entry-a' },
    ],
    [
      { event_type: 'msg_send_fail', external_userid: 'wmB', fail_msgid: 'F', fail_type: 6 },
      { kind: 'not-delivered', messageId: 'F', failType: 6 },
    ],
    [
      { event_type: 'session_status_change', external_userid: 'wmB', change_type: 1 },
      { kind: 'session', holder: 'theirs' },
    ],
    [
      { event_type: 'session_status_change', external_userid: 'wmB', change_type: 3 },
      { kind: 'session', holder: 'nobody' },
    ],
    [
      { event_type: 'session_status_change', external_userid: 'wmB', change_type: 4 },
      { kind: 'session', holder: 'theirs' },
    ],
    [{ event_type: 'servicer_status_change', servicer_userid: 'a', status: 2 }, { kind: 'nothing' }],
    [{ event_type: 'something_new' }, { kind: 'nothing' }],
  ])('is an event of the platform: %o', (given, expected) => {
    expect(item(event(given))).toMatchObject({ by: 'platform', event: expected })
  })

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        const read = readKfItem(raw, kfid)
        if (read) expect(read.key).toMatch(/^kf:wkA:/)
      }),
    )
  })
})

describe('a session', () => {
  const now = new Date('2026-11-22T02:00:00Z')
  const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)

  it('is ours untaken and as the robot’s, a colleague’s in the pool and with a person', () => {
    expect(Object.values(serviceStates).map(holderOf)).toEqual(['ours', 'ours', 'theirs', 'theirs', 'nobody'])
  })

  it('is looked up before the first answer, and again after two days or when it was not ours', () => {
    expect(mustAsk(undefined, now)).toBe(true)
    expect(mustAsk({ holder: 'theirs', at: ago(0) }, now)).toBe(true)
    expect(mustAsk({ holder: 'ours', at: ago(1) }, now)).toBe(false)
    expect(mustAsk({ holder: 'ours', at: ago(48) }, now)).toBe(true)
  })
})

describe('a message', () => {
  it('has a number that the platform takes, the same for the same message and no other', () => {
    expect(kfMessageId('a', 1, 0)).toMatch(/^[0-9a-zA-Z_-]{32}$/)
    expect(kfMessageId('a', 1, 0)).toBe(kfMessageId('a', 1, 0))
    expect(kfMessageId('a', 1, 0)).not.toBe(kfMessageId('a', 1, 1))
  })

  it('whose choices can be tapped keeps to the platform’s lengths, and loses no word before them', () => {
    const question = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }).filter((one) => one.trim() !== '')
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1_500 }),
        fc.array(question, { minLength: 1, maxLength: 6 }),
        (text, questions) => {
          const choices = questions.map((one, at) => ({ id: String(at), question: one }))
          const turn = { conversationId: 'c', seq: 1, speaker: 'bot' as const, text, choices, saidAt: '' }
          const messages = messagesOf([turn], kfMenu)
          const menu = messages.at(-1)
          if (menu?.kind !== 'menu') return expect.unreachable('choices are a menu')
          expect(Buffer.byteLength(menu.head)).toBeLessThanOrEqual(1_024)
          for (const choice of menu.choices) expect(Buffer.byteLength(choice)).toBeLessThanOrEqual(128)
          const heads = messages.map((one) => (one.kind === 'menu' ? one.head : one.kind === 'text' ? one.text : ''))
          expect(heads.join('')).toBe(`【智能客服】${text}`)
        },
      ),
    )
  })

  it('is written as the platform reads it', () => {
    expect(kfContent({ kind: 'menu', head: '请评价', choices: ['满意', '不满意'], tail: '点一下' })).toEqual({
      msgtype: 'msgmenu',
      msgmenu: {
        head_content: '请评价',
        list: [
          { type: 'click', click: { id: '1', content: '满意' } },
          { type: 'click', click: { id: '2', content: '不满意' } },
        ],
        tail_content: '点一下',
      },
    })
  })
})
