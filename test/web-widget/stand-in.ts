/**
 * A server just large enough for the panel: static files, the two plain doors, and one /visitor conversation a token,
 * kept in memory. What it says is scripted by the test; what it keeps follows contract/visitor-events.ts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { randomUUID } from 'node:crypto'
import { Server, type DefaultEventsMap } from 'socket.io'
import type { WidgetSettings } from '../../contract/http.ts'
import { levelNames, reasonsByLevel } from '../../contract/rating.ts'
import type { KeptTurn, Saying } from '../../contract/turn.ts'
import {
  visitorAsks,
  visitorAuthSchema,
  type Ack,
  type Standing,
  type VisitorAsk,
  type VisitorNews,
} from '../../contract/visitor-events.ts'

export const settings: WidgetSettings = {
  bureau: '淮北市医疗保障局',
  cities: [
    { code: '340600', name: '淮北市' },
    { code: '141100', name: '吕梁市' },
  ],
  city: '340600',
  greeting: '您好，请问有什么可以帮您？',
  notice: '我是智能客服，按审核过的政策原文回答。需要人工，请点右上角的“人工”。',
  hotQuestions: ['异地就医怎么备案？', '居民医保怎么参保缴费？', '门诊看病能报销多少？', '生孩子怎么报销？'],
  levelNames,
  ratingReasons: reasonsByLevel,
}

type Desk = {
  conversationId: string
  turns: KeptTurn[]
  standing: Standing
  /** How often each client id came in. */
  received: Map<string, number>
  readSeq?: number
}
type Page = { html: string; headers?: Record<string, string> }
type Options = { dist: string; pages?: Record<string, Page>; answer?: (text: string) => Saying[] }
type Asks = Record<VisitorAsk, (body: unknown, ack: Ack<unknown>) => void>

const types: Record<string, string> = {
  '.svg': 'image/svg+xml',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}
const panelPolicy = "default-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self' ws:; base-uri 'none'"

export async function standIn({ dist, pages = {}, answer = () => [] }: Options) {
  let isDown = false
  let refusal = ''
  const desks = new Map<string, Desk>()
  const fetched: string[] = []
  const http = createServer((request, response) => void serve(request, response))
  const io = new Server<Asks, VisitorNews, DefaultEventsMap, { desk: Desk }>(http, {
    allowRequest: (_request, decide) => decide(null, !isDown),
  })
  const visitors = io.of('/visitor')

  async function serve({ url = '/', method = 'GET' }: IncomingMessage, response: ServerResponse) {
    const path = new URL(url, 'http://stand.in').pathname
    fetched.push(path)
    const send = (status: number, type: string, body: string | Buffer, headers = {}) =>
      response.writeHead(status, { 'content-type': type, ...headers }).end(body)
    const page = pages[path]
    if (page) return send(200, types['.html'] ?? '', page.html, page.headers)
    if (path === '/api/visitors' && method === 'POST')
      return send(200, 'application/json', JSON.stringify({ token: randomUUID(), visitorId: randomUUID() }))
    if (path === '/api/widget/settings') return send(200, 'application/json', JSON.stringify(settings))
    try {
      const file = path === '/' ? '/site.html' : normalize(path.replace(/^\/widget/, ''))
      const policy = { 'content-security-policy': panelPolicy }
      send(200, types[extname(file)] ?? 'application/octet-stream', await readFile(join(dist, file)), policy)
    } catch {
      send(404, 'text/plain', 'not here')
    }
  }

  function deskOf(token: string): Desk {
    const conversationId = randomUUID()
    const standing: Standing = { conversationId, state: 'bot', lastSeq: 0 }
    const desk = desks.get(token) ?? { conversationId, turns: [], standing, received: new Map<string, number>() }
    desks.set(token, desk)
    return desk
  }

  function keep(desk: Desk, turn: Saying & Pick<KeptTurn, 'speaker' | 'clientId' | 'agentNumber'>): KeptTurn {
    const { conversationId } = desk
    const kept = { ...turn, conversationId, seq: desk.turns.length + 1, saidAt: new Date().toISOString() }
    desk.turns.push(kept)
    desk.standing = { ...desk.standing, lastSeq: kept.seq }
    visitors.to(conversationId).emit('turn:said', kept)
    return kept
  }

  function stand(desk: Desk, change: Partial<Standing>) {
    desk.standing = { ...desk.standing, ...change }
    visitors.to(desk.conversationId).emit('conversation:standing', desk.standing)
  }

  const handlers: Record<VisitorAsk, (desk: Desk, body: unknown) => unknown> = {
    'turn:say'(desk, body) {
      const { clientId, text } = visitorAsks['turn:say'].parse(body)
      desk.received.set(clientId, (desk.received.get(clientId) ?? 0) + 1)
      const before = desk.turns.find((turn) => turn.clientId === clientId)
      const { seq, conversationId } = before ?? keep(desk, { speaker: 'customer', clientId, text })
      if (!before && desk.standing.state === 'bot')
        for (const saying of answer(text)) keep(desk, { ...saying, speaker: 'bot' })
      return { seq, conversationId }
    },
    'turns:since': (desk, body) => ({ turns: desk.turns.slice(visitorAsks['turns:since'].parse(body).seq) }),
    'turns:read': (desk, body) => {
      desk.readSeq = visitorAsks['turns:read'].parse(body).seq
      return {}
    },
    'person:ask'(desk) {
      stand(desk, { state: 'waiting' })
      visitors.to(desk.conversationId).emit('queue:place', { place: 2, waitSeconds: 170, range: { from: 2, to: 5 } })
      return { conversationId: desk.conversationId, outcome: 'queued' }
    },
    'queue:leave': (desk) => (stand(desk, { state: 'bot' }), {}),
    'rating:give': (_desk, body) =>
      visitorAsks['rating:give'].parse(body).level <= 2 ? { caseNumber: 'CP-20261122-0007' } : {},
    'complaint:file': () => ({ caseNumber: 'TS-20261122-0003', dueOn: '2026-12-09', provisional: false }),
    'callback:book': () => ({ callbackId: randomUUID(), dueAt: '2026-11-23T02:00:00.000Z' }),
    'conversation:end': (desk) => (stand(desk, { state: 'closed' }), {}),
    'answer:judge': () => ({}),
    'region:choose': (desk, body) => (stand(desk, visitorAsks['region:choose'].parse(body)), {}),
    'typing:tell': () => ({}),
  }

  visitors.use((_socket, next) => {
    if (!refusal) return next()
    next(new Error(refusal))
    refusal = ''
  })
  visitors.on('connection', (socket) => {
    const { token, lastSeq = 0 } = visitorAuthSchema.parse(socket.handshake.auth)
    const desk = deskOf(token)
    void socket.join(desk.conversationId)
    if (desk.turns.length > 0) socket.emit('conversation:standing', desk.standing)
    for (const turn of desk.turns.slice(lastSeq)) socket.emit('turn:said', turn)
    socket.onAny((name: VisitorAsk, body: unknown, ack: Ack<unknown>) => {
      const parsed = visitorAsks[name].safeParse(body)
      if (parsed.success) return ack({ ok: true, value: handlers[name](desk, parsed.data) })
      const fields = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
      ack({ ok: false, code: 'invalid_input', message: '', fields })
    })
  })

  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('no port')

  return {
    port: address.port,
    fetched,
    /** The only conversation there is. */
    desk(): Desk {
      const [only] = [...desks.values()].filter((desk) => desk.turns.length > 0)
      if (!only) throw new Error('nobody has said anything yet')
      return only
    },
    agentSays: (desk: Desk, text: string) => keep(desk, { speaker: 'agent', agentNumber: '1001', text }),
    keep,
    stand,
    tell: visitors,
    /** Nothing goes in or out by socket until `comeUp`. */
    goDown() {
      isDown = true
      visitors.disconnectSockets(true)
    },
    comeUp: () => (isDown = false),
    /** The next connection is refused with this word. */
    refuseNext: (code: string) => (refusal = code),
    close: () => io.close(),
  }
}
export type StandIn = Awaited<ReturnType<typeof standIn>>
