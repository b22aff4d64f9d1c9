/** The desk's socket: a signed-in agent or supervisor. Every ask is checked against a session that still lives. */
import type { Server } from 'socket.io'
import type { z } from 'zod'
import { agentAsks, type AgentAsk, type AgentAsked, type AgentReplies } from '../../contract/agent-events.ts'
import { Problem } from '../../contract/problem.ts'
import type { Actor } from '../../contract/staff.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import type { Arrivals } from '../../bot/arrivals.ts'
import type { OpenLines } from '../../bot/open-lines.ts'
import type { OwedCalls } from '../../bot/owed-calls.ts'
import type { DeskViews } from '../../bot/desk-view.ts'
import type { Seat } from '../../bot/seat.ts'
import type { Transfers } from '../../bot/transfers.ts'
import { actingFrom } from '../../desk/audit-origin.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { handoversStore } from '../../desk/handovers.store.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import type { HowAsked, SessionsStore } from '../../desk/sessions.store.ts'
import type { Db } from '../db/database.ts'
import type { KeyRing } from '../key-ring.ts'
import type { SessionCookie } from '../http/session-cookie.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import { agentNamespaceRoles, agentPolicy } from '../socket-policy.ts'
import { acknowledge, refuseUnknown } from './acknowledge.ts'
import { agentAudioHandlers, leaveAudio } from './agent-audio.ts'
import { relayFromAgent } from './call-audio.ts'
import { callbackHandlers } from './callback-call.ts'
import { deskHandlers, leaveViewing } from './desk-handlers.ts'
import type { FiguresBoard } from './figures-wall.ts'
import { handsetHandlers } from './handset.ts'
import type { QueueBoard } from './queue-board.ts'
import { agentSpace, conversationRoom, deskRoom, staffRoom, tellPresence, type AgentSocket } from './rooms.ts'
import { transferHandlers } from './transfer-handlers.ts'

type Parts = {
  io: Server
  db: Db
  sessions: SessionsStore
  cookie: SessionCookie
  keys: KeyRing
  arrivals: Arrivals
  lines: OpenLines
  owedCalls: OwedCalls
  seat: Seat
  transfers: Transfers
  views: DeskViews
  board: QueueBoard
  wall: FiguresBoard
  limits: Limits
  /** Whether a proxy that is trusted stands before us. */
  isProxied: boolean
  now: () => Date
  log: Log
}
type Handlers = { [A in AgentAsk]: (ask: AgentAsked[A]) => Promise<AgentReplies[A]> }
const shapes: { [A in AgentAsk]: z.ZodType<AgentAsked[A]> } = agentAsks

export function agentSocket(parts: Parts): void {
  const { io, db, sessions, cookie, limits, now, log } = parts
  const space = agentSpace(io)
  /** A proxy that is trusted writes down whom it speaks for, last. */
  const cameFrom = (socket: AgentSocket) => {
    const told = socket.handshake.headers['x-forwarded-for']
    const last = typeof told === 'string' ? told.split(',').at(-1)?.trim() : undefined
    return (parts.isProxied && last) || socket.handshake.address
  }

  async function actorOf(socket: AgentSocket, how: HowAsked): Promise<Actor> {
    const token = cookie.read(socket.request)
    const found = token && (await sessions.find(token, now(), how))
    if (!found) throw new Problem('not_signed_in', 'no session')
    if (!agentNamespaceRoles.some((role) => found.actor.roles.includes(role)))
      throw new Problem('not_allowed', 'no agent')
    if (found.isUnconfirmed) throw new Problem('confirmation_required', 'not confirmed yet')
    if (found.mustEnrol) throw new Problem('enrolment_required', 'no second factor yet')
    return found.actor
  }

  space.use((socket, next) => {
    actorOf(socket, 'look').then(
      (actor) => {
        socket.data.staffId = actor.staffId
        next()
      },
      (error: unknown) => next(new Error(error instanceof Problem ? error.code : 'internal')),
    )
  })

  space.on('connection', (socket) => {
    const staffId = socket.data.staffId
    const joined = join(socket, staffId).catch((error: unknown) => log.error({ err: error }, 'an agent did not join'))
    for (const ask of Object.keys(agentAsks) as AgentAsk[]) open(ask)
    socket.onAny(refuseUnknown({ ...agentAsks, 'audio:frame': true }))
    socket.on('audio:frame', relayFromAgent(io, socket))
    socket.on('disconnecting', () => leaveAudio(io, socket))
    socket.on('disconnect', () => leaveViewing(io, socket))

    function open<A extends AgentAsk>(ask: A): void {
      let actor: Actor | undefined
      const admit = async () => {
        await joined
        try {
          actor = await actorOf(socket, agentPolicy[ask].isUse ? 'use' : 'look')
        } catch (error) {
          setImmediate(() => socket.disconnect(true)) // after the refusal has been told
          throw error
        }
        await limits.take(agentPolicy[ask].limit, staffId)
      }
      const handle = (given: AgentAsked[A]) => {
        if (!actor) throw new Problem('not_signed_in', 'not admitted')
        const handler: Handlers[A] = handlersFor(parts, socket, actor)[ask]
        return actingFrom(cameFrom(socket), () => handler(given))
      }
      socket.on<string>(ask, acknowledge<AgentAsked[A], AgentReplies[A]>({ shape: shapes[ask], admit, handle, log }))
    }
  })

  async function join(socket: AgentSocket, staffId: string): Promise<void> {
    await presenceStore(db).seen(staffId, now())
    const held = await conversationsStore(db).ofAgent(staffId)
    await socket.join([deskRoom, staffRoom(staffId), ...held.map((one) => conversationRoom(one.id))])
  }
}

/** Whoever signed out hears nothing more on the consoles that were opened with that session. */
export function closeDesksOf(io: Server, cookie: SessionCookie, token: string): void {
  for (const socket of agentSpace(io).sockets.values())
    if (cookie.read(socket.request) === token) socket.disconnect(true)
}

/** Whoever was disabled, or has other roles now, hears nothing more until they sign in again. */
export function closeDesksOfStaff(io: Server, staffId: string): void {
  for (const socket of agentSpace(io).sockets.values()) if (socket.data.staffId === staffId) socket.disconnect(true)
}

/** A console that nobody sits at any more hears nothing of citizens: its socket ends with its session. */
export async function closeEndedDesks(
  io: Server,
  cookie: SessionCookie,
  sessions: SessionsStore,
  now: Date,
): Promise<void> {
  for (const socket of agentSpace(io).sockets.values()) {
    const token = cookie.read(socket.request)
    if (!token || !(await sessions.find(token, now))) socket.disconnect(true)
  }
}

/** Consoles that are connected keep their agents present. */
export async function noteSeen(io: Server, db: Db, now: Date): Promise<void> {
  const staffIds = new Set([...agentSpace(io).sockets.values()].map((socket) => socket.data.staffId))
  for (const staffId of staffIds) await presenceStore(db).seen(staffId, now)
}

function handlersFor(
  { io, db, keys, arrivals, lines, owedCalls, seat, transfers, views, board, wall, now }: Parts,
  socket: AgentSocket,
  actor: Actor,
): Handlers {
  return {
    async 'presence:set'({ state }) {
      const presence = await presenceStore(db).set(actor.staffId, state, now())
      tellPresence(io, actor.staffId, presence)
      board.changed()
      return presence
    },

    'queue:list': async () => ({
      ...(await board.of(actor.staffId)),
      presence: await presenceStore(db).of(actor.staffId),
    }),

    async 'conversation:open'({ conversationId }) {
      // Joined before it is read: what is said in between comes twice rather than never.
      await socket.join(conversationRoom(conversationId))
      const view = await views.newest(conversationId, actor.staffId)
      if (view.conversation.agentId === actor.staffId)
        await handoversStore(db).takenUp(conversationId, actor.staffId, now())
      // Looking into what is in other hands, or nobody's, is an act of a named person.
      if (view.conversation.agentId !== actor.staffId)
        await auditStore(db).record(
          { staffId: actor.staffId, act: 'conversation.look', subject: conversationId },
          now(),
        )
      return view
    },

    async 'conversation:claim'({ conversationId }) {
      await seat.claim(conversationId, actor)
      await socket.join(conversationRoom(conversationId))
      return views.newest(conversationId, actor.staffId)
    },

    'turn:say': (words) => seat.say(words, actor),

    async 'conversation:close'({ conversationId, summary }) {
      await seat.close(conversationId, actor, summary)
      return {}
    },

    async 'summary:write'({ conversationId, summary }) {
      await seat.sumUpAfter(conversationId, actor, summary)
      return {}
    },

    ...deskHandlers({ io, db, views, now }, socket, actor),
    ...transferHandlers({ io, transfers, views }, socket, actor),
    ...agentAudioHandlers({ io, seat }, socket, actor),
    ...handsetHandlers({ io, db, seat, views }, actor),
    ...callbackHandlers({ io, db, keys, arrivals, lines, owedCalls }, socket, actor),
    ...wall.handlers(socket, actor),
  }
}
