/**
 * The citizen's socket. A visitor's pass opens that visitor's own conversations and no other. What was missed while
 * away comes from the database on every connect, by the last number the client has shown.
 */
import type { z } from 'zod'
import { parse } from '../../contract/parse.ts'
import { Problem } from '../../contract/problem.ts'
import {
  visitorAsks,
  visitorAuthSchema,
  type VisitorAsk,
  type VisitorAsked,
  type VisitorReplies,
} from '../../contract/visitor-events.ts'
import type { Caller } from '../../bot/arrivals.ts'
import { pendingRatings } from '../../bot/pending-ratings.ts'
import { turnsStore } from '../../bot/turns.store.ts'
import { dataSubject } from '../../desk/data-subject.ts'
import type { KeyRing } from '../key-ring.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import { visitorPolicy } from '../socket-policy.ts'
import type { VisitorTokens } from '../visitor-token.ts'
import { acknowledge, refuseUnknown } from './acknowledge.ts'
import type { QueueBoard } from './queue-board.ts'
import { conversationRoom, tellThere, visitorRoom, visitorSpace, type VisitorSocket } from './rooms.ts'
import { standingOf } from './standing.ts'
import { visitorHandlers, type Visitor, type VisitorHandlers, type VisitorParts } from './visitor-handlers.ts'

type Parts = VisitorParts & {
  keys: KeyRing
  tokens: VisitorTokens
  board: QueueBoard
  limits: Limits
  defaultRegion?: string
  log: Log
}

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
    const handlers = visitorHandlers(parts, socket, visitor)
    for (const ask of Object.keys(visitorAsks) as VisitorAsk[]) open(ask, handlers[ask])
    socket.onAny(refuseUnknown(visitorAsks))
    socket.on('disconnect', () => visitor.conversationId && tellThere(parts.io, visitor.conversationId))

    function open<A extends VisitorAsk>(ask: A, handle: VisitorHandlers[A]): void {
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
