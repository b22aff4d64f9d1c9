/**
 * The line between the phone and the server. What is asked is acknowledged within a time limit or fails; what happens
 * is told to the call it is about.
 *
 * Invariant: while the link is down nothing is asked or kept for later, and the server has ended our calls: whoever
 * follows a conversation is told `lost` once and then nothing more. The socket comes back by itself.
 */
import { io } from 'socket.io-client'
import {
  alawFrameBytes,
  audioFrame,
  type Hearing,
  type LineTable,
  type PhoneAsk,
  type PhoneAsked,
  type PhoneNews,
  type PhoneReplies,
  type Title,
} from '../contract/phone-events.ts'
import { Problem } from '../contract/problem.ts'
import type { Reply } from '../contract/visitor-events.ts'
import { agentLegs } from './agent-sound/agent-legs.ts'
import type { Log } from './log.ts'
import { pinnedTo } from './pinned-certificate.ts'

type Told<N extends keyof PhoneNews> = Parameters<PhoneNews[N]>[0]

/** What one call hears of its conversation. */
export type CallNews = {
  turn(turn: Told<'turn:said'>): void
  standing(standing: Told<'conversation:standing'>): void
  place(place: Told<'queue:place'>): void
  ratingAsked(asked: Told<'rating:asked'>): void
  /** With a desk phone, or else with a console's headset. */
  audioOpened(by?: 'handset'): void
  audioClosed(): void
  /** By a desk phone itself, or else by a console. */
  hold(on: boolean, by?: 'handset'): void
  hangUp(): void
  /** 160 bytes of A-law: the agent's voice. */
  frame(alaw: Uint8Array): void
  /** The server is out of reach; for it, the call is over. */
  lost(): void
}
export type HotlineLink = ReturnType<typeof hotlineLink>

type Parts = {
  url: string
  token: string
  /** The server's certificate, where no public authority vouches for the name it is reached by. */
  certificate?: string
  node: string
  log: Log
  /** Said at every connection. `sipPort` null: no call can come in. */
  hello: () => { hearing: Hearing; speaks: boolean; sipPort: number | null }
  /** At every connection, once the server has taken our hello. */
  onUp?: () => void
  /** The published titles, at every connection and every change. */
  onTitles: (titles: readonly Title[]) => void
}

const askLimitMs = 5_000
/** The bot may think for 8 s before it hands over by itself. */
const slowAskLimitMs = 10_000
const slowAsks: readonly PhoneAsk[] = ['turn:say', 'person:ask', 'question:leave']
const noTable: LineTable = { lines: {}, otherLines: [], moved: {}, overflowAfterSeconds: 60 }

export function hotlineLink({ url, token, certificate, node, log, hello, onUp, onTitles }: Parts) {
  const followers = new Map<string, Set<CallNews>>()
  let isUp = false
  let isClosed = false
  let table = noTable
  // The client's types know no agent, for the sake of browsers.
  const trust: object = certificate === undefined ? {} : { agent: pinnedTo(certificate) }
  const socket = io(`${url.replace(/\/$/, '')}/phone`, {
    transports: ['websocket'],
    auth: { token, node },
    ...trust,
    forceNew: true,
    autoConnect: false,
    reconnectionDelay: 500,
    reconnectionDelayMax: 2_000,
  })

  const of = (conversationId: string): readonly CallNews[] => [...(followers.get(conversationId) ?? [])]
  const tell = (conversationId: string, how: (one: CallNews) => void) => of(conversationId).forEach(how)
  const legs = agentLegs({
    isUp: (conversationId) => followers.has(conversationId),
    overLink(conversationId, alaw) {
      if (isUp) socket.volatile.emit(audioFrame, conversationId, alaw)
    },
    toCall: (conversationId, alaw) => tell(conversationId, (one) => one.frame(alaw)),
  })

  async function asked<A extends PhoneAsk>(name: A, what: PhoneAsked[A]): Promise<PhoneReplies[A]> {
    const limitMs = slowAsks.includes(name) ? slowAskLimitMs : askLimitMs
    let reply: Reply<PhoneReplies[A]>
    try {
      const given: unknown = await socket.timeout(limitMs).emitWithAck(name, what)
      reply = given as Reply<PhoneReplies[A]> // the server's own type, across the wire
    } catch (error) {
      throw new Problem('not_ready', `${name}: no answer from the server`, { cause: error })
    }
    if (!reply.ok) throw new Problem(reply.code, `${name}: ${reply.message}`)
    return reply.value
  }

  async function greet(): Promise<void> {
    try {
      const greeted = await asked('phone:hello', hello())
      table = greeted.lineTable
      isUp = true
      onUp?.()
      onTitles(greeted.titles)
      log.info({ url, titles: greeted.titles.length }, 'linked to the server')
    } catch (error) {
      log.error({ err: error }, 'the server did not take our hello')
      if (!isClosed) socket.disconnect().connect()
    }
  }

  socket.on('connect', () => void greet())
  socket.on('connect_error', (error) => {
    log.warn({ url, reason: error.message }, 'the server cannot be reached')
    // A refusal by the server ends socket.io's own retries; a token may be put right over there.
    if (!socket.active && !isClosed) setTimeout(() => !isClosed && socket.connect(), 5_000).unref()
  })
  socket.on('disconnect', (reason) => {
    const wasUp = isUp
    isUp = false
    if (wasUp && !isClosed) log.error({ alert: 'server-link-lost', reason }, 'the link to the server is lost')
    legs.partAll()
    for (const conversationId of [...followers.keys()]) tell(conversationId, (one) => one.lost())
    if (reason === 'io server disconnect' && !isClosed) socket.connect()
  })

  const news: Omit<
    PhoneNews,
    | 'peer:signal'
    | 'console:gone'
    | 'handset:ring'
    | 'handset:look'
    | 'callback:may'
    | 'callback:dial'
    | 'voice:write-down'
  > = {
    'turn:said': (turn) => tell(turn.conversationId, (one) => one.turn(turn)),
    'conversation:standing': (standing) => tell(standing.conversationId, (one) => one.standing(standing)),
    'queue:place': (place) => tell(place.conversationId, (one) => one.place(place)),
    'rating:asked': (rating) => tell(rating.conversationId, (one) => one.ratingAsked(rating)),
    'titles:changed': ({ titles }) => onTitles(titles),
    'lines:changed': ({ lineTable }) => {
      table = lineTable
    },
    'audio:opened'({ conversationId, by }) {
      // A desk phone that was put down since it answered has nothing to open.
      if (by !== 'handset' || legs.isBound(conversationId)) tell(conversationId, (one) => one.audioOpened(by))
    },
    'audio:closed': ({ conversationId }) => tell(conversationId, (one) => one.audioClosed()),
    'call:hold': ({ conversationId, on, by }) => tell(conversationId, (one) => one.hold(on, by)),
    'call:hang-up': ({ conversationId }) => tell(conversationId, (one) => one.hangUp()),
    'audio:frame': (conversationId, alaw) => {
      if (alaw.length === alawFrameBytes) legs.fromLink(conversationId, alaw)
    },
  }
  for (const [name, told] of Object.entries(news)) socket.on(name, told)

  return {
    /** Begins to seek the server, and never stops. */
    open: () => void socket.connect(),
    isUp: () => isUp,
    lineTable: () => table,

    /** @throws Problem: the server's own code, or `not_ready` when it is out of reach or does not answer in time. */
    ask<A extends PhoneAsk>(name: A, what: PhoneAsked[A]): Promise<PhoneReplies[A]> {
      if (!isUp) return Promise.reject(new Problem('not_ready', `${name}: the server is out of reach`))
      return asked(name, what)
    },

    /** @returns the way out, to be called once or often. */
    follow(conversationId: string, call: CallNews): () => void {
      const all = followers.get(conversationId) ?? new Set()
      followers.set(conversationId, all.add(call))
      return () => {
        all.delete(call)
        if (all.size > 0 || followers.get(conversationId) !== all) return
        followers.delete(conversationId)
        legs.part(conversationId)
      }
    },

    /** The caller's voice to the agent: lost rather than late. @param alaw 160 bytes */
    sendFrame: (conversationId: string, alaw: Uint8Array): void => legs.send(conversationId, alaw),

    /** Ways for an agent's sound other than this link. */
    legs,

    /** News beside the calls' own: how an agent's sound may travel. */
    on<N extends keyof PhoneNews>(name: N, told: PhoneNews[N]): void {
      socket.on<string>(name, told)
    },

    /** Conversations that are followed. */
    followed: () => followers.size,

    close(): void {
      isClosed = true
      isUp = false
      socket.disconnect()
    },
  }
}
