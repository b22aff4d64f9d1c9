/** What a citizen's page asks of their own conversation, each ask answered once it is done. */
import type { Server } from 'socket.io'
import { Problem } from '../../contract/problem.ts'
import type { VisitorAsk, VisitorAsked, VisitorReplies } from '../../contract/visitor-events.ts'
import type { Arrivals, Caller, Scope } from '../../bot/arrivals.ts'
import type { Closing } from '../../bot/closing.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import type { HandOver } from '../../bot/hand-over.ts'
import type { OpenLines } from '../../bot/open-lines.ts'
import type { Paperwork } from '../../bot/paperwork.ts'
import { botTakes } from '../../bot/standing.ts'
import type { Switchboard } from '../../bot/switchboard.ts'
import type { Tellings } from '../../bot/tellings.ts'
import { turnsStore } from '../../bot/turns.store.ts'
import { wording } from '../../bot/wording.ts'
import type { RatingTokens } from '../../desk/rating-token.ts'
import { ratingsStore } from '../../desk/ratings.store.ts'
import type { Db } from '../db/database.ts'
import { agentSpace, conversationRoom, visitorRoom, visitorSpace, type VisitorSocket } from './rooms.ts'
import { tellStanding } from './standing.ts'

export type Visitor = { visitorId: string; caller: Caller; scope: Scope; conversationId?: string; enteredAtMs?: number }

export type VisitorParts = {
  io: Server
  db: Db
  ratingTokens: RatingTokens
  arrivals: Arrivals
  lines: OpenLines
  switchboard: Switchboard
  handOver: HandOver
  closing: Closing
  paperwork: Paperwork
  tellings: Tellings
  now: () => Date
}
export type VisitorHandlers = { [A in VisitorAsk]: (ask: VisitorAsked[A]) => Promise<VisitorReplies[A]> }

const lookAgainAfterMs = 10 * 60_000

export function visitorHandlers(parts: VisitorParts, socket: VisitorSocket, visitor: Visitor): VisitorHandlers {
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
