/**
 * A stand-in of the platform's side of a mini-program's customer service: JSON or XML, plain or sealed, message numbers
 * of 64 bits; it takes no answer on the spot, and no menus. For tests and demonstrations without an account.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { getSignature } from '@wecom/crypto'
import type { CallbackMode } from '../callback.ts'
import { sealEnvelope, type EnvelopeKeys } from '../envelope.ts'
import { writeXml } from '../xml.ts'
import { platformCalls, type Behaviour, type Shown } from './calls.ts'
import { keptMedia } from './media.ts'

type Options = {
  keys: EnvelopeKeys
  appSecret: string
  mode: CallbackMode
  format: 'json' | 'xml'
  callbackUrl: () => string
  port?: number
}
/** A bigint stands bare, as the platform writes it in JSON. */
export type MiniFields = Record<string, string | number | bigint>
export type MiniStandIn = Awaited<ReturnType<typeof miniStandIn>>

const account = 'gh_budayang_mini'
const behaviour: Behaviour = {
  allowance: { perMessage: 5, messageHours: 48, perMoment: 2, momentSeconds: 60 },
  ...{ answerWithinMs: 5_000, copies: 1, aheadMs: 0 },
}
const unknownType = { errcode: 40_008, errmsg: 'invalid message type' }

export async function miniStandIn({ keys, appSecret, mode, format, callbackUrl, port = 0 }: Options) {
  const now = () => new Date()
  const media = keptMedia(() => url)
  const platform = platformCalls({ appId: keys.id, appSecret, behaviour, hasMedia: (id) => media.has(id), now })
  let messageIds = 9_223_372_036_854_700_000n

  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(Buffer.from(part as Buffer))
    const at = new URL(request.url ?? '/', url)
    const isUpload = at.pathname === '/cgi-bin/media/upload'
    const body: unknown = isUpload ? {} : JSON.parse(Buffer.concat(parts).toString('utf8') || '{}')
    const isMenu = typeof body === 'object' && body !== null && 'msgmenu' in body
    const answered = isMenu ? unknownType : platform.answer(at, body)
    const told = isUpload ? await media.take(request, Buffer.concat(parts), answered) : answered
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told))
  }

  function written(fields: MiniFields): string {
    const entries = Object.entries(fields)
    if (format === 'xml')
      return writeXml(
        Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : value])),
      )
    const inner = entries.map(
      ([name, value]) => `${JSON.stringify(name)}:${typeof value === 'bigint' ? value : JSON.stringify(value)}`,
    )
    return `{${inner.join(',')}}`
  }

  /** Signed, and sealed as the mode asks. */
  function envelope(fields: MiniFields): { query: string; body: string } {
    const stamp = { timestamp: String(Math.floor(now().getTime() / 1_000)), nonce: randomBytes(5).toString('hex') }
    const signature = getSignature(keys.token, stamp.timestamp, stamp.nonce, '')
    const query = new URLSearchParams({ signature, ...stamp })
    const clear = written(fields)
    if (mode === 'plain') return { query: query.toString(), body: clear }
    const { sealed, signature: msg_signature } = sealEnvelope(keys, clear, stamp)
    query.set('encrypt_type', 'aes')
    query.set('msg_signature', msg_signature)
    const shown = mode === 'compatible' ? fields : { ToUserName: account }
    return { query: query.toString(), body: written({ ...shown, Encrypt: sealed }) }
  }

  /** @throws where it is answered with anything but that it has arrived */
  async function knock(openId: string, fields: MiniFields): Promise<void> {
    const CreateTime = Math.floor(now().getTime() / 1_000)
    const { query, body } = envelope({ ToUserName: account, FromUserName: openId, CreateTime, ...fields })
    const type = format === 'json' ? 'application/json' : 'text/xml'
    const response = await fetch(`${callbackUrl()}?${query}`, {
      ...{ method: 'POST', body, headers: { 'content-type': type } },
      signal: AbortSignal.timeout(behaviour.answerWithinMs),
    })
    const told = await response.text()
    if (!response.ok || (told !== 'success' && told !== ''))
      throw new Error(`该小程序客服暂时无法提供服务: ${response.status}`)
  }

  return {
    ...{ url, account, envelope, knock },
    calls: platform.calls,
    refuse: platform.refuse,
    screen: (openId: string): readonly Shown[] => platform.screen(openId),

    say(openId: string, text: string, id: bigint = ++messageIds): Promise<void> {
      platform.trigger(openId, 'message')
      platform.screen(openId).push({ by: 'citizen', way: 'citizen', text, choices: [] })
      return knock(openId, { MsgType: 'text', Content: text, MsgId: id })
    },
    /** Opens the customer service; `from` is what the button says of itself. What happens in one second is one event. */
    enter(openId: string, from = '', secondsAgo = 0): Promise<void> {
      platform.trigger(openId, 'moment')
      const CreateTime = Math.floor(now().getTime() / 1_000) - secondsAgo
      return knock(openId, { MsgType: 'event', Event: 'user_enter_tempsession', SessionFrom: from, CreateTime })
    },

    close: () => new Promise<void>((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  }
}
