/** The sound of a call between the phone process and an agent's console: passed on untouched, never stored, never queued. */
import type { Server } from 'socket.io'
import { alawFrameBytes } from '../../contract/phone-events.ts'
import { agentSpace, audioRoom, conversationRoom, phoneSpace, type AgentSocket, type PhoneSocket } from './rooms.ts'

/** A frame is taken from a phone for a call that it carries, and from nobody for any other. */
export function relayFromCaller(io: Server, socket: PhoneSocket) {
  return (...given: unknown[]): void => {
    const [conversationId, frame] = given
    if (typeof conversationId !== 'string' || !isFrame(frame)) return
    if (!isCarriedBy(socket, conversationId)) return
    agentSpace(io).to(audioRoom(conversationId)).volatile.emit('audio:frame', conversationId, frame)
  }
}

/** From a console that took up this very call. */
export function relayFromAgent(io: Server, socket: AgentSocket) {
  return (...given: unknown[]): void => {
    const [conversationId, frame] = given
    if (typeof conversationId !== 'string' || !isFrame(frame)) return
    if (!socket.rooms.has(audioRoom(conversationId))) return
    phoneSpace(io).to(conversationRoom(conversationId)).volatile.emit('audio:frame', conversationId, frame)
  }
}

function isCarriedBy(socket: PhoneSocket, conversationId: string): boolean {
  for (const carried of socket.data.calls.values()) if (carried === conversationId) return true
  return false
}

function isFrame(given: unknown): given is Buffer {
  return Buffer.isBuffer(given) && given.length === alawFrameBytes
}
