/**
 * Names of socket.io rooms, and the one place where news of a commit goes out to whoever watches. A conversation is
 * a room in both namespaces, so it reaches every tab and every console through whichever server holds them.
 */
import type { Namespace, Server, Socket } from 'socket.io'
import type { AgentNews } from '../../contract/agent-events.ts'
import type { News } from '../../contract/line.ts'
import type { MyPresence } from '../../contract/queue.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import type { Hearing, PhoneNews } from '../../contract/phone-events.ts'
import type { VisitorNews } from '../../contract/visitor-events.ts'
import { shownToDesk } from '../../bot/desk-view.ts'
import type { RatingTokens } from '../../desk/rating-token.ts'

type Asks = Record<string, (...given: unknown[]) => void>
type Between = Record<string, never>
export type VisitorSpace = Namespace<Asks, VisitorNews>
export type VisitorSocket = Socket<Asks, VisitorNews>
/** `staffId` is set by the namespace's first middleware, so every connected socket has it. */
type Console = { staffId: string; viewing?: { conversationId: string; workNumber: string } }
export type AgentSpace = Namespace<Asks, AgentNews, Between, Console>
export type AgentSocket = Socket<Asks, AgentNews, Between, Console>

type Carried = {
  node: string
  /** What its lines take by ear, once it has said so. */
  hearing?: Hearing
  /** The conversations whose calls this phone process carries, by call row. */
  calls: Map<string, string>
  /** Numbers at the other end of those calls, by conversation, where they are known; in memory alone. */
  numbers: Map<string, string>
}
export type PhoneSpace = Namespace<Asks, PhoneNews, Between, Carried>
export type PhoneSocket = Socket<Asks, PhoneNews, Between, Carried>

export const conversationRoom = (id: string) => `conversation:${id}`
export const visitorRoom = (id: string) => `visitor:${id}`
export const staffRoom = (id: string) => `staff:${id}`
export const deskRoom = 'desk'
/** Consoles that have taken up the audio of a call. */
export const audioRoom = (id: string) => `audio:${id}`

export const visitorSpace = (io: Server): VisitorSpace => io.of('/visitor')
// socket.io types a namespace's data as any until somebody names it: here.
export const phoneSpace = (io: Server) => io.of('/phone') as PhoneSpace
export const agentSpace = (io: Server) => io.of('/agent') as AgentSpace

/** Whether any page of the citizen's is connected. */
export const isThere = (io: Server, conversationId: string): boolean =>
  (visitorSpace(io).adapter.rooms.get(conversationRoom(conversationId))?.size ?? 0) > 0

/** Told to whoever has the conversation, when a page of the citizen's came or went. */
export function tellThere(io: Server, conversationId: string): void {
  agentSpace(io)
    .to(conversationRoom(conversationId))
    .emit('citizen:there', { conversationId, isThere: isThere(io, conversationId) })
}

/** In every tab an agent is what the server has them as. */
export function tellPresence(io: Server, staffId: string, presence: MyPresence): void {
  agentSpace(io).to(staffRoom(staffId)).emit('presence:changed', presence)
}

type Parts = {
  io: Server
  ratingTokens: RatingTokens
  queueChanged: () => void
  tellStanding: (conversationId: string) => void
}

export function publisher({ io, ratingTokens, queueChanged, tellStanding }: Parts) {
  const visitors = visitorSpace(io)
  const agents = agentSpace(io)
  const phones = phoneSpace(io)

  function tell(news: News, forDesk: readonly KeptTurn[]): void {
    switch (news.kind) {
      case 'turn': {
        const room = conversationRoom(news.turn.conversationId)
        visitors.to(room).emit('turn:said', news.turn)
        phones.to(room).emit('turn:said', news.turn)
        const shown = forDesk.find((turn) => turn.seq === news.turn.seq)
        // That something was said at all would tell the person rated; whoever reads on later finds its number.
        if (!shown || shown.hidden) return
        const desk = news.hiddenFrom ? agents.to(room).except(staffRoom(news.hiddenFrom)) : agents.to(room)
        desk.emit('turn:said', shown)
        return
      }
      case 'state': {
        const { conversationId, state, agentNumber } = news
        agents.to(deskRoom).emit('conversation:changed', { conversationId, state, agentNumber })
        phones
          .to(conversationRoom(conversationId))
          .emit('conversation:standing', { conversationId, state, agentNumber })
        return tellStanding(conversationId)
      }
      case 'transfer-settled': {
        const { fromStaffId, conversationId, toNumber, state, note } = news
        agents.to(staffRoom(fromStaffId)).emit('transfer:settled', { conversationId, toNumber, state, note })
        return
      }
      case 'queue':
        return queueChanged()
      case 'duty-called': {
        const { conversationId, waitedMinutes, staffId } = news
        agents.to(staffRoom(staffId)).emit('queue:escalated', { conversationId, waitedMinutes })
        return
      }
      case 'callbacks':
        return void agents.to(deskRoom).emit('callbacks:changed')
      case 'read': {
        const { conversationId, seq } = news
        agents.to(conversationRoom(conversationId)).emit('conversation:read', { conversationId, seq })
        return
      }
      case 'scope':
        return tellStanding(news.conversationId)
      case 'rating-asked': {
        const { conversationId, ratingId, about, agentNumber, quiet } = news
        const asked = { ratingId, token: ratingTokens.make(ratingId), about, agentNumber, quiet }
        if (!quiet)
          phones.to(conversationRoom(conversationId)).emit('rating:asked', { conversationId, ratingId, about })
        return void visitors.to(conversationRoom(conversationId)).emit('rating:asked', asked)
      }
    }
  }

  /** What becomes of it after its close, a rating above all, is not for the consoles of whoever had it. */
  function leave(conversationId: string, staffId: string | undefined): void {
    if (staffId) agents.in(staffRoom(staffId)).socketsLeave(conversationRoom(conversationId))
  }

  /** The news of one commit, which is about one conversation. */
  return (news: readonly News[]) => {
    const forDesk = shownToDesk(news.flatMap((one) => (one.kind === 'turn' ? [one.turn] : [])))
    for (const one of news) tell(one, forDesk)
    for (const one of news) if (one.kind === 'state' && one.state === 'closed') leave(one.conversationId, one.leftBy)
  }
}
