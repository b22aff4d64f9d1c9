/** The other ends: agents of ours on kernel-given ports, a bare UDP peer, and the words of an INVITE. */
import { createSocket } from 'node:dgram'
import type { IncomingCall } from '../../../telephony/sip/call.ts'
import { systemClock, type Clock } from '../../../telephony/sip/clock.ts'
import type { Log } from '../../../telephony/sip/outlet.ts'
import { makeAnswer, makeOffer, type LocalMedia, type RemoteSdp } from '../../../telephony/sip/sdp.ts'
import { userAgent, type UserAgentOptions } from '../../../telephony/sip/user-agent.ts'

/** Errors in here are bugs of ours; a test may look whether there were any. */
export function aLog(): Log & { errors: unknown[] } {
  const errors: unknown[] = []
  return { errors, info: () => undefined, warn: () => undefined, error: (facts) => void errors.push(facts) }
}

export const quick = { t1: 25, t2: 100, t4: 125 }

/** Minutes pass in milliseconds; what is shorter than five seconds stays as it is. */
export const hurriedClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => systemClock.after(milliseconds > 5_000 ? milliseconds / 1_000 : milliseconds, run),
}

export async function anAgent(options: Partial<UserAgentOptions> = {}) {
  const log = aLog()
  const agent = userAgent({
    bind: { host: '127.0.0.1', port: 0 },
    users: () => undefined,
    trunks: [],
    anonymous: 'private',
    capacity: () => 'open',
    log,
    timings: quick,
    ...options,
  })
  const { udpPort } = await agent.start()
  return { agent, port: udpPort, log, uri: `sip:hotline@127.0.0.1:${udpPort}` }
}

export const media = (port: number, more: Partial<LocalMedia> = {}): LocalMedia => ({
  host: '127.0.0.1',
  port,
  sessionId: 1,
  version: 1,
  ...more,
})
export const anOffer = (port = 40_000) => makeOffer(media(port))
export const anAnswer = (offer: RemoteSdp | undefined, port = 42_000) =>
  (offer ? makeAnswer(offer, media(port)) : makeOffer(media(port))) ?? ''

/** Takes every call at once. */
export const takesAll = (calls: IncomingCall[]) => (call: IncomingCall) => {
  calls.push(call)
  call.ring()
  void call.accept(anAnswer(call.offer))
}

export async function aPeer() {
  const socket = createSocket('udp4')
  const heard: string[] = []
  const waiting: { fits: (text: string) => boolean; found: (text: string) => void }[] = []
  socket.on('message', (bytes) => {
    const text = bytes.toString()
    const at = waiting.findIndex(({ fits }) => fits(text))
    if (at >= 0) waiting.splice(at, 1)[0]?.found(text)
    else heard.push(text)
  })
  await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound))
  const { port } = socket.address()
  return {
    port,
    heard,
    send: (text: string | Buffer, to: number) => socket.send(text, to, '127.0.0.1'),
    /** The next message, or one already heard, that begins so. */
    next(start: string): Promise<string> {
      const fits = (text: string) => text.startsWith(start)
      const at = heard.findIndex(fits)
      if (at >= 0) return Promise.resolve(heard.splice(at, 1)[0] ?? '')
      return new Promise((found) => waiting.push({ fits, found }))
    },
    close: () => new Promise<void>((closed) => socket.close(() => closed())),
  }
}

type Words = {
  method?: string
  to: number
  from: number
  user?: string
  callId?: string
  branch?: string
  cseq?: number
}
type More = { toTag?: string; headers?: readonly string[]; body?: string; cseqMethod?: string }

let lastId = 0

export function aRequest(words: Words & More): string {
  const { method = 'INVITE', to, from, user = 'hotline', callId = `call-${++lastId}`, cseq = 1 } = words
  const { toTag, headers = [], body = '', branch = `z9hG4bK-${callId}-${cseq}-${method}` } = words
  return [
    `${method} sip:${user}@127.0.0.1:${to} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${from};branch=${branch};rport`,
    'Max-Forwards: 70',
    `From: "王" <sip:caller@127.0.0.1:${from}>;tag=t1`,
    `To: <sip:${user}@127.0.0.1:${to}>${toTag ? `;tag=${toTag}` : ''}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${words.cseqMethod ?? method}`,
    `Contact: <sip:caller@127.0.0.1:${from}>`,
    ...headers,
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')
}

export const toTagOf = (answer: string) => /^To:.*;tag=([^;\r\n]+)/m.exec(answer)?.[1] ?? ''
export const headerIn = (text: string, name: string) => new RegExp(`^${name}: (.*)\r$`, 'm').exec(text)?.[1]

export async function until(isSo: () => boolean, withinMs = 5_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`not so within ${withinMs} ms: ${isSo.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
