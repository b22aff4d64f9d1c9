/** A visitor and an agent over real sockets, keeping what they were told. */
import { randomUUID } from 'node:crypto'
import { io, type Socket } from 'socket.io-client'
import type { AgentAsk, AgentAsked, AgentReplies, DeskQueue } from '../../contract/agent-events.ts'
import type { AskedRating } from '../../contract/rating.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import type { Reply, Standing, VisitorAsk, VisitorAsked, VisitorReplies } from '../../contract/visitor-events.ts'
import { ask as askHttp, signedIn } from './http-client.ts'

const patienceMs = 20_000

export type Visitor = Awaited<ReturnType<typeof aVisitor>>
export type Agent = Awaited<ReturnType<typeof anAgent>>

/** Waits until `look` finds something. */
export async function until<T>(look: () => T | undefined | false, what: string): Promise<T> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const found = look()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export async function aPass(url: string): Promise<string> {
  return String((await askHttp(url, 'POST', '/api/visitors', {})).body.token)
}

export async function aVisitor(url: string, given: { token?: string; conversationId?: string; lastSeq?: number } = {}) {
  const token = given.token ?? (await aPass(url))
  const socket: Socket = io(`${url}/visitor`, {
    transports: ['websocket'],
    auth: { ...given, token },
    reconnection: false,
    forceNew: true,
  })
  const turns: KeptTurn[] = []
  const ratings: AskedRating[] = []
  const places: { place: number; waitSeconds: number }[] = []
  let standing: Standing | undefined
  socket.on('turn:said', (turn: KeptTurn) => turns.push(turn))
  socket.on('rating:asked', (asked: AskedRating) => ratings.push(asked))
  socket.on('queue:place', (place: { place: number; waitSeconds: number }) => places.push(place))
  socket.on('conversation:standing', (now: Standing) => (standing = now))
  await connected(socket)

  const ask = <A extends VisitorAsk>(name: A, asked: VisitorAsked[A] | object): Promise<Reply<VisitorReplies[A]>> =>
    socket.timeout(patienceMs).emitWithAck(name, asked) as Promise<Reply<VisitorReplies[A]>>

  return {
    socket,
    token,
    turns,
    ratings,
    places,
    standing: () => standing,
    ask,
    say: (text: string, clientId = randomUUID()) => ask('turn:say', { clientId, text }),
    /** Asks and must be taken. */
    async must<A extends VisitorAsk>(name: A, asked: VisitorAsked[A] | object): Promise<VisitorReplies[A]> {
      return value(await ask(name, asked), name)
    },
    hears: (words: string | RegExp) =>
      until(
        () =>
          turns.find(
            (turn) =>
              turn.speaker !== 'customer' &&
              (typeof words === 'string' ? turn.text.includes(words) : words.test(turn.text)),
          ),
        `hearing ${words}`,
      ),
    close: () => void socket.disconnect(),
  }
}

export async function anAgent(url: string, who: { name: string; password: string }) {
  const http = await signedIn(url, who)
  const socket: Socket = io(`${url}/agent`, {
    transports: ['websocket'],
    extraHeaders: { cookie: http.cookie },
    reconnection: false,
    forceNew: true,
  })
  const turns: KeptTurn[] = []
  let queue: DeskQueue | undefined
  socket.on('turn:said', (turn: KeptTurn) => turns.push(turn))
  socket.on('queue:changed', (changed: DeskQueue) => (queue = changed))
  await connected(socket)

  const ask = <A extends AgentAsk>(name: A, asked: AgentAsked[A] | object): Promise<Reply<AgentReplies[A]>> =>
    socket.timeout(patienceMs).emitWithAck(name, asked) as Promise<Reply<AgentReplies[A]>>

  return {
    http,
    socket,
    turns,
    queue: () => queue,
    ask,
    async must<A extends AgentAsk>(name: A, asked: AgentAsked[A] | object): Promise<AgentReplies[A]> {
      return value(await ask(name, asked), name)
    },
    close: () => void socket.disconnect(),
  }
}

function value<T>(reply: Reply<T>, name: string): T {
  if (!reply.ok) throw new Error(`${name} was refused: ${reply.code} ${reply.message} ${JSON.stringify(reply.fields)}`)
  return reply.value
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('connect_error', reject)
  })
}
