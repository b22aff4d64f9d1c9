/**
 * A stand-in of the platform's side, speaking its protocol both ways: it signs and seals what citizens send, asks
 * again where no answer comes, counts what may be sent, and keeps what each citizen was shown. For tests and
 * demonstrations without an account.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { z } from 'zod'
import { isSigned, openEnvelope, sealEnvelope, type EnvelopeKeys } from '../envelope.ts'
import type { CallbackMode } from '../callback.ts'
import { noQuota, spent, triggered, usualAllowance, type Allowance, type Quota, type Trigger } from '../quota.ts'
import { readXml, writeXml } from '../xml.ts'
import { getSignature } from '@wecom/crypto'

/** What a citizen's screen shows. `choices` can be tapped. */
export type Shown = {
  by: 'account' | 'citizen'
  way: 'passive' | 'custom' | 'citizen'
  text: string
  choices: string[]
}
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
const sendSchema = z.object({
  touser: z.string(),
  msgtype: z.string(),
  text: z.object({ content: z.string() }).optional(),
  msgmenu: z
    .object({
      head_content: z.string(),
      list: z.array(z.object({ id: z.string(), content: z.string() })),
      tail_content: z.string(),
    })
    .optional(),
})
const codeSchema = z.object({ action_info: z.object({ scene: z.object({ scene_str: z.string().min(1).max(64) }) }) })
const tokenSchema = z.object({ appid: z.string(), secret: z.string(), force_refresh: z.boolean().optional() })

export async function tencentStandIn(options: Options) {
  const { keys, appSecret, mode, callbackUrl, allowance = usualAllowance, answerWithinMs = 5_000 } = options
  const now = options.now ?? (() => new Date())
  const screens = new Map<string, Shown[]>()
  const quotas = new Map<string, Quota>()
  const calls: { path: string; token: string | null }[] = []
  const refusals: { errcode: number; errmsg: string }[] = []
  let token = ''
  let menu: unknown
  let tokensGiven = 0
  let messageIds = 24_900_000_000_000_000n
  const screen = (openId: string) => {
    const shown = screens.get(openId) ?? []
    screens.set(openId, shown)
    return shown
  }

  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = new URL(request.url ?? '/', url)
    const parts: Buffer[] = []
    for await (const part of request) parts.push(Buffer.from(part as Buffer))
    let told: object
    try {
      told = answer(at, JSON.parse(Buffer.concat(parts).toString('utf8') || '{}'))
    } catch {
      told = { errcode: 47_001, errmsg: 'data format error' }
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told))
  }

  function answer(at: URL, body: unknown): object {
    const path = at.pathname
    calls.push({ path, token: at.searchParams.get('access_token') })
    if (path === '/cgi-bin/stable_token') {
      const asked = tokenSchema.parse(body)
      if (asked.appid !== keys.id) return { errcode: 40_013, errmsg: 'invalid appid' }
      if (asked.secret !== appSecret) return { errcode: 40_125, errmsg: 'invalid appsecret' }
      if (token === '' || asked.force_refresh) token = `token-${++tokensGiven}-${randomBytes(12).toString('hex')}`
      return { access_token: token, expires_in: 7_200 }
    }
    if (at.searchParams.get('access_token') !== token) return { errcode: 42_001, errmsg: 'access_token expired' }
    const refused = refusals.shift()
    if (refused) return refused
    if (path === '/cgi-bin/message/custom/send') return deliver(sendSchema.parse(body))
    if (path === '/cgi-bin/menu/create') menu = body
    return path === '/cgi-bin/qrcode/create' ? codeFor(codeSchema.parse(body)) : { errcode: 0, errmsg: 'ok' }
  }

  function codeFor({ action_info }: z.output<typeof codeSchema>): object {
    const scene = action_info.scene.scene_str
    return { ticket: randomBytes(12).toString('base64url'), url: `http://weixin.qq.com/q/${encodeURIComponent(scene)}` }
  }

  function deliver({ touser, text, msgmenu }: z.output<typeof sendSchema>): object {
    const said = text?.content ?? [msgmenu?.head_content, msgmenu?.tail_content].filter(Boolean).join('\n')
    if (Buffer.byteLength(said) > 2_048) return { errcode: 45_002, errmsg: 'content size out of limit' }
    const left = spent(quotas.get(touser) ?? noQuota, allowance, now())
    if (!left) return { errcode: 45_047, errmsg: 'out of response count limit' }
    quotas.set(touser, left)
    screen(touser).push({
      by: 'account',
      way: 'custom',
      text: said,
      choices: msgmenu?.list.map(({ content }) => content) ?? [],
    })
    return { errcode: 0, errmsg: 'ok' }
  }

  function trigger(openId: string, by: Trigger): void {
    quotas.set(openId, triggered(quotas.get(openId) ?? noQuota, by, now()))
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
    const response = await fetch(`${callbackUrl()}?${query}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/xml' },
      signal: AbortSignal.timeout(answerWithinMs),
    })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return readReply(await response.text())
  }

  /** As the platform does it: no answer in time, and it asks again. @returns what was answered on the spot */
  async function knock(openId: string, fields: Fields): Promise<string | undefined> {
    const clear = writeXml({
      ToUserName: account,
      FromUserName: openId,
      CreateTime: Math.floor(now().getTime() / 1_000),
      ...fields,
    })
    for (let n = 1; ; n++) {
      try {
        const reply = await post(clear)
        if (reply?.['Content'])
          screen(openId).push({ by: 'account', way: 'passive', text: reply['Content'], choices: [] })
        return reply?.['Content']
      } catch (error) {
        if (n === tries) throw error
      }
    }
  }

  return {
    url,
    account,
    /** Everything that was called, with the token that came along. */
    calls: (path: string) => calls.filter((one) => one.path === path),
    menu: () => menu,
    screen: (openId: string): readonly Shown[] => screen(openId),
    quotaOf: (openId: string) => quotas.get(openId) ?? noQuota,
    nextMessageId: () => String(++messageIds),
    /** The next calls are refused so. */
    refuse: (...codes: number[]) =>
      codes.forEach((errcode) => refusals.push({ errcode, errmsg: 'refused by the stand-in' })),
    /** The token that everybody holds is worth nothing from now on. */
    dropToken: () => void (token = `dropped-${++tokensGiven}`),
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
      trigger(openId, 'message')
      if (isTapped) trigger(openId, 'moment')
      screen(openId).push({ by: 'citizen', way: 'citizen', text, choices: [] })
      return knock(openId, { MsgType: 'text', Content: text, MsgId: id, ...(isTapped && { bizmsgmenuid: '1' }) })
    },

    /** Follows, scans, taps the menu, leaves. */
    event(openId: string, name: 'subscribe' | 'unsubscribe' | 'SCAN' | 'CLICK', key = ''): Promise<string | undefined> {
      if (name !== 'unsubscribe') trigger(openId, 'moment')
      return knock(openId, { MsgType: 'event', Event: name, EventKey: key })
    },

    close: () => new Promise<void>((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  }
}
