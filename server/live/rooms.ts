/**
 * Names of socket.io rooms, and the one place where news of a commit goes out to whoever watches. A conversation is
 * a room in both namespaces, so it reaches every tab and every console through whichever server holds them.
 */
import type { Namespace, Server, Socket } from 'socket.io'
import type { AgentNews } from '../../contract/agent-events.ts'
import type { News } from '../../contract/line.ts'
import type { VisitorNews } from '../../contract/visitor-events.ts'
import { maskedTurn } from '../../bot/desk-view.ts'
import type { RatingTokens } from '../../desk/rating-token.ts'

type Asks = Record<string, (...given: unknown[]) => void>
type Between = Record<string, never>
export type VisitorSpace = Namespace<Asks, VisitorNews>
export type VisitorSocket = Socket<Asks, VisitorNews>
/** `staffId` is set by the namespace's first middleware, so every connected socket has it. */
export type AgentSpace = Namespace<Asks, AgentNews, Between, { staffId: string }>
export type AgentSocket = Socket<Asks, AgentNews, Between, { staffId: string }>

export const conversationRoom = (id: string) => `conversation:${id}`
export const visitorRoom = (id: string) => `visitor:${id}`
export const staffRoom = (id: string) => `staff:${id}`
export const deskRoom = 'desk'

export const visitorSpace = (io: Server): VisitorSpace => io.of('/visitor')
// socket.io types a namespace's data as any until somebody names it: here.
export const agentSpace = (io: Server) => io.of('/agent') as AgentSpace

type Parts = {
  io: Server
  ratingTokens: RatingTokens
  queueChanged: () => void
  tellStanding: (conversationId: string) => void
}

export function publisher({ io, ratingTokens, queueChanged, tellStanding }: Parts) {
  const visitors = visitorSpace(io)
  const agents = agentSpace(io)

  function tell(news: News): void {
    switch (news.kind) {
      case 'turn': {
        const room = conversationRoom(news.turn.conversationId)
        visitors.to(room).emit('turn:said', news.turn)
        agents.to(room).emit('turn:said', maskedTurn(news.turn))
        return
      }
      case 'state': {
        const { conversationId, state, agentNumber } = news
        agents.to(deskRoom).emit('conversation:changed', { conversationId, state, agentNumber })
        return tellStanding(conversationId)
      }
      case 'queue':
        return queueChanged()
      case 'rating-asked': {
        const { conversationId, ratingId, about, agentNumber } = news
        const asked = { ratingId, token: ratingTokens.make(ratingId), about, agentNumber }
        return void visitors.to(conversationRoom(conversationId)).emit('rating:asked', asked)
      }
    }
  }

  return (news: readonly News[]) => news.forEach(tell)
}
