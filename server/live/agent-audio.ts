/**
 * The sound of a call at the agent's end: which console has it, and what that console and the phone say to each other
 * about it. The frames themselves pass through call-audio.ts, or through no server at all.
 *
 * Invariant: a call's audio is at one console. Whoever takes it up last has it; the one before is told, and neither
 * its frames nor its signals reach the phone any more.
 */
import type { Server } from 'socket.io'
import type { AgentAsked, AgentReplies } from '../../contract/agent-events.ts'
import type { PhoneSignal } from '../../contract/peer-signal.ts'
import { Problem } from '../../contract/problem.ts'
import type { Actor } from '../../contract/staff.ts'
import type { Seat } from '../../bot/seat.ts'
import { agentSpace, audioRoom, conversationRoom, phoneSpace, type AgentSocket } from './rooms.ts'

export type AudioAsk = 'audio:open' | 'audio:close' | 'call:hold' | 'call:hang-up' | 'call:to-bot' | 'peer:signal'
type AudioHandlers = { [A in AudioAsk]: (ask: AgentAsked[A]) => Promise<AgentReplies[A]> }

type Parts = { io: Server; seat: Pick<Seat, 'mustHold' | 'giveToBot'> }

export function agentAudioHandlers({ io, seat }: Parts, socket: AgentSocket, actor: Actor): AudioHandlers {
  const phoneOf = (conversationId: string) => phoneSpace(io).to(conversationRoom(conversationId))
  const hasAudio = (conversationId: string) => socket.rooms.has(audioRoom(conversationId))

  return {
    async 'audio:open'({ conversationId }) {
      await seat.mustHold(conversationId, actor)
      const room = audioRoom(conversationId)
      agentSpace(io).to(room).except(socket.id).emit('audio:taken', { conversationId })
      agentSpace(io).in(room).except(socket.id).socketsLeave(room)
      await socket.join(room)
      phoneOf(conversationId).emit('audio:opened', { conversationId, agentNumber: actor.workNumber })
      return {}
    },

    async 'audio:close'({ conversationId }) {
      if (!hasAudio(conversationId)) return {}
      await socket.leave(audioRoom(conversationId))
      closeAudio(io, conversationId)
      return {}
    },

    async 'call:hold'({ conversationId, on }) {
      await seat.mustHold(conversationId, actor)
      phoneOf(conversationId).emit('call:hold', { conversationId, on })
      return {}
    },

    async 'call:hang-up'({ conversationId }) {
      await seat.mustHold(conversationId, actor)
      phoneOf(conversationId).emit('call:hang-up', { conversationId })
      return {}
    },

    async 'call:to-bot'({ conversationId, summary }) {
      await seat.giveToBot(conversationId, actor, summary)
      takeAudioAway(io, conversationId)
      return {}
    },

    'peer:signal'({ conversationId, signal }) {
      if (!hasAudio(conversationId))
        throw new Problem('not_your_conversation', `the audio of ${conversationId} is not at this console`)
      phoneOf(conversationId).emit('peer:signal', { conversationId, consoleId: socket.id, signal })
      return Promise.resolve({})
    },
  }
}

/** From a phone, about a call that it carries. */
export function signalToConsole(
  io: Server,
  told: { conversationId: string; consoleId: string; signal: PhoneSignal },
): void {
  agentSpace(io).to(audioRoom(told.conversationId)).emit('peer:signal', told)
}

/** The conversation has left its agent's hands: no console has its sound until another takes it up. */
export function takeAudioAway(io: Server, conversationId: string): void {
  agentSpace(io).in(audioRoom(conversationId)).socketsLeave(audioRoom(conversationId))
  closeAudio(io, conversationId)
}

/** What ends with a console's connection. */
export function leaveAudio(io: Server, socket: AgentSocket): void {
  phoneSpace(io).emit('console:gone', { consoleId: socket.id })
  for (const room of socket.rooms) {
    if (!room.startsWith(audioRoom(''))) continue
    // The same agent may be back on a new socket before the old one is given up.
    const isLast = (agentSpace(io).adapter.rooms.get(room)?.size ?? 0) <= 1
    if (isLast) closeAudio(io, room.slice(audioRoom('').length))
  }
}

function closeAudio(io: Server, conversationId: string): void {
  phoneSpace(io).to(conversationRoom(conversationId)).emit('audio:closed', { conversationId })
}
