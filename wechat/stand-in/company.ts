/**
 * A stand-in of the platform's side of the company's customer service (微信客服), speaking its protocol both ways: what
 * citizens do is announced, sealed, and given page by page. For tests and demonstrations without an account.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { sealEnvelope, type EnvelopeKeys } from '../envelope.ts'
import { serviceStates } from '../kf/session.ts'
import type { Allowance } from '../quota.ts'
import { writeXml } from '../xml.ts'
import type { Shown } from './calls.ts'
import { companyCalls, kfAccount } from './company-calls.ts'
import { keptMedia } from './media.ts'

type Options = {
  keys: EnvelopeKeys
  secret: string
  /** The hotline's callback. */
  callbackUrl: () => string
  allowance?: Allowance
  now?: () => Date
  port?: number
  /** How many things a page holds, at most. */
  pageSize?: number
}
export type CompanyStandIn = Awaited<ReturnType<typeof companyStandIn>>

const usual: Allowance = { perMessage: 5, messageHours: 48, perMoment: 0, momentSeconds: 0 }

export async function companyStandIn(options: Options) {
  const { keys, secret, callbackUrl, allowance = usual, pageSize = 1_000 } = options
  const now = options.now ?? (() => new Date())
  const media = keptMedia(() => url)
  const hasMedia = (id: string) => media.has(id)
  const platform = companyCalls({ corpId: keys.id, secret, allowance, pageSize, hasMedia, now })
  const { tell, wrote, screen, next, states } = platform

  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(Buffer.from(part as Buffer))
    const at = new URL(request.url ?? '/', url)
    const isUpload = at.pathname === '/cgi-bin/media/upload'
    const body: unknown = isUpload ? {} : JSON.parse(Buffer.concat(parts).toString('utf8') || '{}')
    const answered = platform.answer(at, body)
    if (!answered) return void response.destroy()
    if (answered === 'broken') return void response.writeHead(502).end()
    const told = isUpload ? await media.take(request, Buffer.concat(parts), answered) : answered
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told))
  }

  /** Signed and sealed, as the platform comes. */
  function envelope(clear: string): { query: string; body: string } {
    const stamp = { timestamp: String(Math.floor(now().getTime() / 1_000)), nonce: randomBytes(5).toString('hex') }
    const { sealed, signature } = sealEnvelope(keys, clear, stamp)
    const query = new URLSearchParams({ msg_signature: signature, ...stamp }).toString()
    return { query, body: `<xml><ToUserName>${keys.id}</ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>` }
  }

  /** That there is something to read. */
  async function announce(): Promise<Response> {
    const given = next('ann')
    platform.tokens.set(given, now())
    const event = { MsgType: 'event', Event: 'kf_msg_or_event', Token: given, OpenKfId: kfAccount }
    const clear = writeXml({ ToUserName: keys.id, CreateTime: Math.floor(now().getTime() / 1_000), ...event })
    const { query, body } = envelope(clear)
    return fetch(`${callbackUrl()}?${query}`, { method: 'POST', body, headers: { 'content-type': 'text/xml' } })
  }

  return {
    url,
    account: kfAccount,
    envelope,
    announce,
    calls: platform.calls,
    screen: (citizen: string): readonly Shown[] => screen(citizen),
    stateOf: (citizen: string) => states.get(citizen) ?? serviceStates.ended,
    takenBy: platform.takenBy,
    fault: platform.fault,
    dropToken: platform.dropToken,
    unionIs: (citizen: string, unionid: string) => void platform.unions.set(citizen, unionid),

    /** Written, and not announced yet. `menuId`: by tapping a choice of a menu. */
    write(citizen: string, text: string, menuId?: string): string {
      wrote(citizen)
      screen(citizen).push({ by: 'citizen', way: 'citizen', text, choices: [] })
      const words = { content: text, ...(menuId && { menu_id: menuId }) }
      return tell({ external_userid: citizen, origin: 3, msgtype: 'text', text: words })
    },
    /** Anything else of theirs. */
    give(citizen: string, told: Record<string, unknown>): string {
      wrote(citizen)
      return tell({ external_userid: citizen, origin: 3, ...told })
    },
    async say(citizen: string, text: string): Promise<void> {
      this.write(citizen, text)
      await announce()
    },
    /** The window was opened; `secondsAgo`: and we hear of it late. */
    async enter(citizen: string, { scene = '', secondsAgo = 0 } = {}): Promise<void> {
      const code = next('welcome')
      const at = new Date(now().getTime() - secondsAgo * 1_000)
      platform.codes.set(code, { to: citizen, at })
      const about = { external_userid: citizen, open_kfid: kfAccount, welcome_code: code, scene_param: scene }
      const send_time = Math.floor(at.getTime() / 1_000)
      tell({ origin: 4, msgtype: 'event', send_time, event: { event_type: 'enter_session', ...about } })
      await announce()
    },
    /** Somebody in the company's own app has taken it, or ended it. */
    async colleague(citizen: string, does: 'takes' | 'ends' | 'speaks'): Promise<void> {
      states.set(citizen, does === 'ends' ? serviceStates.ended : serviceStates.person)
      if (does === 'speaks')
        tell({ external_userid: citizen, origin: 5, msgtype: 'text', text: { content: '我是同事' } })
      else {
        const event = {
          event_type: 'session_status_change',
          external_userid: citizen,
          change_type: does === 'ends' ? 3 : 1,
        }
        tell({ origin: 4, msgtype: 'event', event: { ...event, open_kfid: kfAccount } })
      }
      await announce()
    },
    /** It was taken, and does not arrive after all. */
    async failLater(citizen: string, msgid: string, failType: number): Promise<void> {
      const event = { event_type: 'msg_send_fail', fail_msgid: msgid, fail_type: failType, external_userid: citizen }
      tell({ origin: 4, msgtype: 'event', event: { ...event, open_kfid: kfAccount } })
      await announce()
    },

    close: () => new Promise<void>((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  }
}
