/**
 * The one way back to a citizen, whatever the channel. Bot and agent both speak by `say`; nobody calls a channel
 * by name. What is said is kept in the same transaction as what caused it, and leaves after the commit.
 */
import type { ConversationState, KeptTurn, Saying, Speaker } from './turn.ts'

export type Line = {
  say(
    saying: Saying,
    as?: { speaker: Exclude<Speaker, 'customer'>; agentNumber?: string; clientId?: string },
  ): Promise<KeptTurn>
}

/** What the live edge is told after a commit, to pass on to whoever watches. */
export type News =
  | { kind: 'turn'; turn: KeptTurn }
  | { kind: 'state'; conversationId: string; state: ConversationState; agentNumber?: string }
  | { kind: 'queue' }
  | {
      kind: 'rating-asked'
      conversationId: string
      ratingId: string
      about: 'bot' | 'agent' | 'case'
      agentNumber?: string
    }
  | { kind: 'knowledge' }
