/**
 * The socket to the server, kept alive: connects with what the page already has, comes back by itself with growing,
 * jittered delays, and never gives up. It knows how to ask and how to be told, nothing of what is said.
 */
import { io, type Socket } from 'socket.io-client'
import type { input } from 'zod'
import type { ProblemCode } from '../contract/problem.ts'
import type { Ack, Reply, VisitorAsk, visitorAsks, VisitorNews, VisitorReplies } from '../contract/visitor-events.ts'
import { isRecord } from './kept.ts'

export type AskBody<K extends VisitorAsk> = input<(typeof visitorAsks)[K]>
export type Outcome<T> = Reply<T> | { ok: false; code: 'no_reply'; message: string; fields?: undefined }

type Parts = {
  token: () => Promise<string>
  /** Called when the server does not know the token or the conversation; gives another token. */
  renewToken: (refused: string) => Promise<string>
  position: () => { conversationId?: string; lastSeq: number }
  news: VisitorNews & { up: () => void; down: () => void }
}
const ackTimeoutMs = 10_000
const retryMs = 5_000
const notOurs: readonly unknown[] = ['not_found', 'not_signed_in', 'not_your_conversation'] satisfies ProblemCode[]

export function connection({ token, renewToken, position, news }: Parts) {
  let used = ''
  let isRenewed = false
  const socket: Socket<VisitorNews, Record<VisitorAsk, (body: unknown, ack: Ack<never>) => void>> = io('/visitor', {
    autoConnect: false,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 1_000,
    reconnectionDelayMax: 30_000,
    randomizationFactor: 0.5,
    auth: (give) => give({ token: used, ...position() }),
  })

  socket.on('connect', () => {
    isRenewed = false
    news.up()
  })
  socket.on('disconnect', (reason) => {
    news.down()
    if (reason === 'io server disconnect') later()
  })
  socket.on('connect_error', (refusal) => {
    news.down()
    if (socket.active) return
    if (notOurs.includes(codeOf(refusal)) && !isRenewed) {
      isRenewed = true
      void fetchToken(() => renewToken(used))
    } else later()
  })
  socket.on('conversation:standing', news['conversation:standing'])
  socket.on('turn:said', news['turn:said'])
  socket.on('queue:place', news['queue:place'])
  socket.on('rating:asked', news['rating:asked'])
  socket.on('typing', news.typing)

  const later = () => void setTimeout(() => socket.connect(), retryMs * (0.75 + Math.random() / 2))

  async function fetchToken(fetch: () => Promise<string>) {
    for (let wait = 1_000; ; wait = Math.min(wait * 2, 30_000)) {
      try {
        used = await fetch()
        return void socket.connect()
      } catch {
        news.down()
        await new Promise((wake) => setTimeout(wake, wait * (0.75 + Math.random() / 2)))
      }
    }
  }

  return {
    open: () => fetchToken(token),
    /** Drops the line and takes it up again with what `position` and `token` now say. */
    reopen() {
      socket.disconnect()
      return fetchToken(token)
    },
    isUp: () => socket.connected,
    /** Never rejects; without a line or without an answer the outcome is `no_reply`. */
    ask<K extends VisitorAsk>(what: K, body: AskBody<K>): Promise<Outcome<VisitorReplies[K]>> {
      const event: VisitorAsk = what
      return new Promise((settle) => {
        if (!socket.connected) return settle(noReply)
        const ack = (failure: Error | null, reply: Reply<never>) => settle(failure ? noReply : reply)
        socket.timeout(ackTimeoutMs).emit(event, body, ack)
      })
    },
  }
}
export type Connection = ReturnType<typeof connection>

const noReply = { ok: false, code: 'no_reply', message: '' } as const

/** Why the server refused the connection, when it says so. */
function codeOf(refusal: Error): unknown {
  if ('data' in refusal && isRecord(refusal.data)) return refusal.data.code
  return refusal.message
}
