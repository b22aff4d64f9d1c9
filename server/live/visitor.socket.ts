/**
 * The citizen's socket. A visitor's pass opens that visitor's own conversations and no other. What was missed while
 * away comes from the database on every connect, by the last number the client has shown.
 */
import type { Server } from 'socket.io'
import { parse } from '../../contract/parse.ts'
import { Problem } from '../../contract/problem.ts'
import {
  visitorAsks,
  visitorAuthSchema,
  type Standing,
  type VisitorAsk,
  type VisitorAsked,
  type VisitorReplies,
} from '../../contract/visitor-events.ts'
import type { Arrivals, Caller, Scope } from '../../bot/arrivals.ts'
import type { Closing } from '../../bot/closing.ts'
import type { Conversation } from '../../bot/conversation.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import type { HandOver } from '../../bot/hand-over.ts'
import type { OpenLines } from '../../bot/open-lines.ts'
import type { Paperwork } from '../../bot/paperwork.ts'
import { pendingRatings } from '../../bot/pending-ratings.ts'
import { botTakes } from '../../bot/standing.ts'
import type { Tellings } from '../../bot/tellings.ts'
import type { Switchboard } from '../../bot/switchboard.ts'
import { turnsStore } from '../../bot/turns.store.ts'
import { wording } from '../../bot/wording.ts'
import type { RatingTokens } from '../../desk/rating-token.ts'
import { dataSubject } from '../../desk/data-subject.ts'
import { ratingsStore } from '../../desk/ratings.store.ts'
import { staffStore } from '../../desk/staff.store.ts'
import type { z } from 'zod'
import type { Db } from '../db/database.ts'
import type { KeyRing } from '../key-ring.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import { visitorPolicy } from '../socket-policy.ts'
import type { VisitorTokens } from '../visitor-token.ts'
import { acknowledge, refuseUnknown } from './acknowledge.ts'
import type { QueueBoard } from './queue-board.ts'
import { agentSpace, conversationRoom, tellThere, visitorRoom, visitorSpace, type VisitorSocket } from './rooms.ts'

type Visitor = { visitorId: string; caller: Caller; scope: Scope; conversationId?: string; enteredAtMs?: number }

const lookAgainAfterMs = 10 * 60_000

type Parts = {
  io: Server
  db: Db
  keys: KeyRing
  tokens: VisitorTokens
  ratingTokens: RatingTokens
  arrivals: Arrivals
  lines: OpenLines
  switchboard: Switchboard
  handOver: HandOver
  closing: Closing
  paperwork: Paperwork
  board: QueueBoard
  limits: Limits
  tellings: Tellings
  defaultRegion?: string
  now: () => Date
  log: Log
}

type Handlers = { [A in VisitorAsk]: (ask: VisitorAsked[A]) => Promise<VisitorReplies[A]> }
const shapes: { [A in VisitorAsk]: z.ZodType<VisitorAsked[A]> } = visitorAsks

export function visitorSocket(parts: Parts): void {
  const { db, keys, tokens, arrivals, limits, now, log } = parts
  const space = visitorSpace(parts.io)

  async function holdsPass(socket: VisitorSocket): Promise<void> {
    const auth = parse(visitorAuthSchema, socket.handshake.auth)
    const visitorId = tokens.read(auth.token, now())
    if (!visitorId || (await dataSubject(db, keys).isWithdrawn(keys.lookupHash(visitorId))))
      throw new Problem('not_signed_in', 'no valid pass')
  }
  space.use((socket, next) => {
    holdsPass(socket).then(
      () => next(),
      // The client asks for a new pass once when it hears this word.
      () => next(new Error('not_signed_in')),
    )
  })

  space.on('connection', (socket) => {
    const auth = parse(visitorAuthSchema, socket.handshake.auth)
    const visitorId = tokens.read(auth.token, now())
    if (!visitorId) return void socket.disconnect(true)
    const caller: Caller = { kind: 'visitor', lookupHash: keys.lookupHash(visitorId), channel: 'web' }
    const visitor: Visitor = { visitorId, caller, scope: parts.defaultRegion ? { region: parts.defaultRegion } : {} }

    // Asks may come before the greeting has read the database; they wait for it, so that rooms are joined first.
    const greeted = greet(socket, visitor, auth).catch((error: unknown) =>
      log.error({ err: error }, 'a visitor was not greeted'),
    )
    const handlers = handlersFor(parts, socket, visitor)
    for (const ask of Object.keys(visitorAsks) as VisitorAsk[]) open(ask, handlers[ask])
    socket.onAny(refuseUnknown(visitorAsks))
    socket.on('disconnect', () => visitor.conversationId && tellThere(parts.io, visitor.conversationId))

    function open<A extends VisitorAsk>(ask: A, handle: Handlers[A]): void {
      const admit = async () => {
        await greeted
        await limits.take(visitorPolicy[ask].limit, visitorId ?? '')
      }
      socket.on<string>(
        ask,
        acknowledge<VisitorAsked[A], VisitorReplies[A]>({ shape: shapes[ask], admit, handle, log }),
      )
    }
  })

  async function greet(
    socket: VisitorSocket,
    visitor: Visitor,
    auth: { conversationId?: string; lastSeq?: number },
  ): Promise<void> {
    await socket.join(visitorRoom(visitor.visitorId))
    const conversation = await arrivals.continuing(visitor.caller)
    if (!conversation) return
    visitor.conversationId = conversation.id
    // Joined before the missed turns are read: one that is said in between comes twice rather than never.
    await socket.join(conversationRoom(conversation.id))
    tellThere(parts.io, conversation.id)
    socket.emit('conversation:standing', await standingOf(db, conversation))
    const shown = auth.conversationId === conversation.id ? (auth.lastSeq ?? 0) : 0
    for (const turn of await turnsStore(db).since(conversation.id, shown)) socket.emit('turn:said', turn)
    for (const pending of await pendingRatings(db, conversation.id, now()))
      socket.emit('rating:asked', { ...pending, token: parts.ratingTokens.make(pending.ratingId) })
    const place = conversation.state === 'waiting' ? await parts.board.placeOf(conversation.id) : undefined
    if (place) socket.emit('queue:place', place)
  }
}

/** Tells everybody who watches a conversation where it stands now. */
export async function tellStanding(io: Server, db: Db, conversationId: string): Promise<void> {
  const conversation = await conversationsStore(db).find(conversationId)
  if (!conversation) return
  visitorSpace(io)
    .to(conversationRoom(conversationId))
    .emit('conversation:standing', await standingOf(db, conversation))
}

async function standingOf(db: Db, conversation: Conversation): Promise<Standing> {
  const { id, state, lastSeq, agentId, region, insurance } = conversation
  const agentNumber = agentId ? (await staffStore(db).workNumbers([agentId])).get(agentId) : undefined
  return { conversationId: id, state, lastSeq, agentNumber, region, insurance }
}

function handlersFor(parts: Parts, socket: VisitorSocket, visitor: Visitor): Handlers {
  const { io, db, arrivals, lines, switchboard, handOver, closing, paperwork, now } = parts

  /** A conversation continues for a day; within minutes of having looked, nothing can have ended it. */
  async function enter(): Promise<string> {
    const { conversationId, enteredAtMs } = visitor
    if (conversationId && enteredAtMs !== undefined && now().getTime() - enteredAtMs < lookAgainAfterMs)
      return conversationId
    visitor.enteredAtMs = now().getTime()
    const { conversation, isNew } = await arrivals.enter(visitor.caller, visitor.scope)
    if (visitor.conversationId !== conversation.id) {
      visitor.conversationId = conversation.id
      const room = conversationRoom(conversation.id)
      await socket.join(room)
      visitorSpace(io).in(visitorRoom(visitor.visitorId)).socketsJoin(room)
      if (isNew) await tellStanding(io, db, conversation.id)
    }
    return conversation.id
  }

  const current = async (): Promise<string> => {
    const id = visitor.conversationId ?? (await arrivals.continuing(visitor.caller))?.id
    if (!id) throw new Problem('not_found', 'no conversation yet')
    return id
  }

  return {
    async 'turn:say'({ clientId, text }) {
      const conversationId = await enter()
      const { seq } = await switchboard.receive({ conversationId, channel: 'web', clientId, text, saidAt: now() })
      return { seq, conversationId }
    },

    async 'turns:since'({ seq }) {
      return { turns: await turnsStore(db).since(await current(), seq) }
    },

    async 'turns:read'({ seq }) {
      await parts.tellings.read(await current(), seq)
      return {}
    },

    async 'person:ask'({ reason }) {
      const conversationId = await enter()
      const outcome = await lines.hold(conversationId, async (talk) => {
        if (talk.conversation.state === 'closed') await botTakes(talk)
        return handOver.toPerson(talk, 'asked', reason)
      })
      return { conversationId, outcome }
    },

    async 'queue:leave'() {
      await lines.hold(await current(), (talk) => handOver.leaveQueue(talk))
      return {}
    },

    async 'rating:give'({ token, ...given }) {
      const ratingId = parts.ratingTokens.read(token)
      const rating = ratingId && (await ratingsStore(db).find(ratingId))
      if (!rating) throw new Problem('not_found', 'no such rating')
      return lines.hold(rating.conversationId, (talk) => paperwork.giveRating(talk, rating.id, given, 'card'))
    },

    async 'complaint:file'(complaint) {
      const filed = await lines.hold(await enter(), (talk) => paperwork.fileComplaint(talk, complaint))
      return { caseNumber: filed.number, dueOn: filed.dueOn, provisional: filed.provisional }
    },

    async 'callback:book'(wanted) {
      const { callbackId, dueAt } = await lines.hold(await enter(), (talk) => paperwork.bookCallback(talk, wanted))
      return { callbackId, dueAt: dueAt.toISOString() }
    },

    async 'conversation:end'() {
      await lines.hold(await current(), async (talk) => {
        if (talk.conversation.state === 'waiting') await handOver.leaveQueue(talk)
        await closing.end(talk, 'citizen', wording.ended)
      })
      return {}
    },

    async 'answer:judge'({ seq, solved }) {
      await switchboard.judge(await current(), seq, solved)
      return {}
    },

    async 'region:choose'(scope) {
      visitor.scope = scope
      const conversation = visitor.conversationId
      if (conversation) {
        await lines.hold(conversation, (talk) => conversationsStore(talk.tx).setScope(conversation, scope))
        await tellStanding(io, db, conversation)
      }
      return {}
    },

    'typing:tell'() {
      const id = visitor.conversationId
      if (id) agentSpace(io).to(conversationRoom(id)).emit('typing', { conversationId: id, speaker: 'customer' })
      return Promise.resolve({})
    },
  }
}
