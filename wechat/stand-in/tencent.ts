/**
 * A stand-in of the platform's side, speaking its protocol both ways: it signs and seals what citizens send, asks
 * again where no answer comes, counts what may be sent, and keeps what each citizen was shown. For tests and
 * demonstrations without an account.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isSigned, openEnvelope, sealEnvelope, type EnvelopeKeys } from '../envelope.ts'
import type { CallbackMode } from '../callback.ts'
import { usualAllowance, type Allowance } from '../quota.ts'
import { readXml, writeXml } from '../xml.ts'
import { getSignature } from '@wecom/crypto'
import { platformCalls, type Behaviour, type Shown, type Trouble } from './calls.ts'
import { keptMedia } from './media.ts'
import { pageKit } from './page-kit.ts'
import { posting } from './post.ts'

export type Fields = Record<string, string | number>

type Options = {
  keys: EnvelopeKeys
  appSecret: string
  mode: CallbackMode
  /** The hotline's callback. */
  callbackUrl: () => string
  allowance?: Allowance
  now?: () => Date
  /** Of its own server; the kernel's choice when absent. */
  port?: number
  /** How long the platform waits for an answer. */
  answerWithinMs?: number
}
export type TencentStandIn = Awaited<ReturnType<typeof tencentStandIn>>

const account = 'gh_budayang'
const tries = 3

export async function tencentStandIn(options: Options) {
  const { keys, appSecret, mode, callbackUrl } = options
  const now = options.now ?? (() => new Date())
  const behaviour: Behaviour = {
    allowance: options.allowance ?? usualAllowance,
    answerWithinMs: options.answerWithinMs ?? 5_000,
    copies: 1,
    aheadMs: 0,
  }
  const media = keptMedia(() => url)
  const platform = platformCalls({ appId: keys.id, appSecret, behaviour, hasMedia: (id) => media.has(id), now })
  const { screen, trigger } = platform
  const kit = pageKit({ appId: keys.id, ticket: platform.ticket, consent: (...said) => consent(...said, 1) })
  const troubles: Trouble[] = []
  let messageIds = 24_900_000_000_000_000n

  const outbound = posting()
  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = new URL(request.url ?? '/', url)
    const script = await kit(at, request.headers.cookie)
    if (script !== undefined)
      return void response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(script)
    const parts: Buffer[] = []
    for await (const part of request) parts.push(Buffer.from(part as Buffer))
    const trouble = troubleOf(at.pathname)
    const body = Buffer.concat(parts)
    const isUpload = at.pathname === '/cgi-bin/media/upload'
    const answered =
      trouble.code === undefined
        ? platform.answer(at, isUpload ? {} : fromJson(body.toString('utf8')))
        : { errcode: trouble.code, errmsg: 'refused by the stand-in' }
    const told = isUpload ? await media.take(request, body, answered) : answered
    if (trouble.ms !== undefined) await new Promise((resolve) => setTimeout(resolve, trouble.ms))
    if (trouble.status !== undefined) return void response.writeHead(trouble.status).end()
    if (media.serve(at, told, response)) return
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told))
  }

  function troubleOf(path: string): Trouble {
    const one = troubles.find((trouble) => trouble.path === path && (trouble.times ?? 1) > 0)
    if (!one) return { path }
    if ((one.after ?? 0) > 0) {
      one.after = (one.after ?? 0) - 1
      return { path }
    }
    one.times = (one.times ?? 1) - 1
    return one
  }

  /** Signed, and sealed as the mode asks. */
  function envelope(clear: string): { query: string; body: string } {
    const stamp = { timestamp: String(Math.floor(now().getTime() / 1_000)), nonce: randomBytes(5).toString('hex') }
    const query = new URLSearchParams({
      signature: getSignature(keys.token, stamp.timestamp, stamp.nonce, ''),
      ...stamp,
    })
    if (mode === 'plain') return { query: query.toString(), body: clear }
    const { sealed, signature } = sealEnvelope(keys, clear, stamp)
    query.set('encrypt_type', 'aes')
    query.set('msg_signature', signature)
    const inner = mode === 'compatible' ? clear.replace(/^<xml>|<\/xml>$/g, '') : ''
    return { query: query.toString(), body: `<xml>${inner}<Encrypt><![CDATA[${sealed}]]></Encrypt></xml>` }
  }

  /** @returns the fields of the answer on the spot; nothing for `success`. @throws where it is no answer at all */
  function readReply(text: string): Record<string, string> | undefined {
    if (text === 'success' || text === '') return undefined
    const fields = readXml(text)
    if (!fields) throw new Error(`该公众号暂时无法提供服务: ${text.slice(0, 100)}`)
    if (mode === 'plain') return { ...fields }
    const { Encrypt: sealed = '', MsgSignature = '', TimeStamp: timestamp = '', Nonce: nonce = '' } = fields
    if (!isSigned(keys.token, { timestamp, nonce }, MsgSignature, sealed))
      throw new Error('a reply with a wrong signature')
    return { ...readXml(openEnvelope(keys, sealed) ?? '') }
  }

  async function post(clear: string): Promise<Record<string, string> | undefined> {
    const { query, body } = envelope(clear)
    const { status, text } = await outbound.post(`${callbackUrl()}?${query}`, body, behaviour.answerWithinMs)
    if (status !== 200) throw new Error(`HTTP ${status}`)
    return readReply(text)
  }

  /** As the platform does it: no answer in time, and it asks again. @returns what was answered on the spot */
  async function knock(openId: string, fields: Fields, lists = ''): Promise<string | undefined> {
    const flat = writeXml({
      ToUserName: account,
      FromUserName: openId,
      CreateTime: Math.floor(now().getTime() / 1_000),
      ...fields,
    })
    const clear = flat.replace(/<\/xml>$/, `${lists}</xml>`)
    for (let n = 1; ; n++) {
      try {
        const [reply] = await Promise.all(Array.from({ length: behaviour.copies }, () => post(clear)))
        if (reply && (reply['ToUserName'] !== openId || reply['FromUserName'] !== account))
          throw new Error('a reply to somebody else')
        if (reply?.['Content'])
          screen(openId).push({ by: 'account', way: 'passive', text: reply['Content'], choices: [] })
        return reply?.['Content']
      } catch (error) {
        if (n === tries) throw error
      }
    }
  }

  /** @param scene of the platform: 1 a page, 2 a message */
  function consent(openId: string, templateId: string, agrees: boolean, scene: 1 | 2): Promise<string | undefined> {
    platform.agree(openId, templateId, agrees)
    const status = agrees ? 'accept' : 'reject'
    const list = writeXml({ TemplateId: templateId, SubscribeStatusString: status, PopupScene: scene })
    const inner = list.replace(/^<xml>|<\/xml>$/g, '')
    const lists = `<SubscribeMsgPopupEvent><List>${inner}</List></SubscribeMsgPopupEvent>`
    return knock(openId, { MsgType: 'event', Event: 'subscribe_msg_popup_event' }, lists)
  }

  return {
    url,
    /** WeChat's script for pages. */
    kitUrl: `${url}/open/js/jweixin-1.6.0.js`,
    account,
    behaviour,
    calls: platform.calls,
    menu: platform.menu,
    scenes: platform.scenes,
    screen: (openId: string): readonly Shown[] => screen(openId),
    quotaOf: platform.quotaOf,
    unionIs: platform.unionIs,
    noticesLeft: platform.noticesLeft,
    platformTime: platform.platformTime,
    refuse: platform.refuse,
    dropToken: platform.dropToken,
    trouble: (trouble: Trouble) => void troubles.push({ ...trouble }),
    nextMessageId: () => String(++messageIds),
    envelope,
    knock,

    /** A citizen has written: from now on they may be written to. */
    wrote: (openId: string) => trigger(openId, 'message'),

    /** A citizen writes; `isTapped`: by tapping a choice of a menu. */
    say(
      openId: string,
      text: string,
      { isTapped = false, id = String(++messageIds) } = {},
    ): Promise<string | undefined> {
      // A tapped choice is a tap of a menu.
      trigger(openId, isTapped ? 'moment' : 'message')
      screen(openId).push({ by: 'citizen', way: 'citizen', text, choices: [] })
      return knock(openId, { MsgType: 'text', Content: text, MsgId: id, ...(isTapped && { bizmsgmenuid: '1' }) })
    },

    /** A citizen sends a picture, a voice or a film. `heard`: what the platform heard in a voice. */
    sendFile(openId: string, kind: 'image' | 'voice' | 'video', file: Buffer, type: string, heard = '') {
      trigger(openId, 'message')
      screen(openId).push({ by: 'citizen', way: 'citizen', text: `[${kind}]`, choices: [] })
      const voice = kind === 'voice' && { Format: 'amr', Recognition: heard }
      return knock(openId, { MsgType: kind, MediaId: media.keep(file, type), MsgId: String(++messageIds), ...voice })
    },

    /** What became of a notice, as the platform tells after it had taken it. 0: it arrived. */
    noticeEnded(openId: string, templateId: string, code: number): Promise<string | undefined> {
      const about = { TemplateId: templateId, MsgID: String(++messageIds), ErrorCode: code }
      const list = writeXml({ ...about, ErrorStatus: code === 0 ? 'success' : 'failed' })
      const inner = list.replace(/^<xml>|<\/xml>$/g, '')
      const lists = `<SubscribeMsgSentEvent><List>${inner}</List></SubscribeMsgSentEvent>`
      return knock(openId, { MsgType: 'event', Event: 'subscribe_msg_sent_event' }, lists)
    },

    /** Follows, scans, taps the menu, leaves. */
    event(openId: string, name: 'subscribe' | 'unsubscribe' | 'SCAN' | 'CLICK', key = ''): Promise<string | undefined> {
      if (name !== 'unsubscribe') trigger(openId, 'moment')
      return knock(openId, { MsgType: 'event', Event: name, EventKey: key })
    },

    /** 订阅通知: the citizen agrees to one more, or to none any more. */
    consent: (openId: string, templateId: string, agrees: boolean) => consent(openId, templateId, agrees, 2),

    close(): Promise<void> {
      outbound.close()
      return new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections()))
    },
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text || '{}')
  } catch {
    return undefined
  }
}
