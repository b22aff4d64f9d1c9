/**
 * The one way back to a citizen, whatever the channel. Bot and agent both speak by `say`; nobody calls a channel
 * by name. What is said is kept in the same transaction as what caused it, and leaves after the commit.
 */
import type { TransferState } from './transfer.ts'
import type { ConversationState, KeptTurn, Saying } from './turn.ts'

export type SaidBy =
  /** `hiddenFrom`: a member of staff whom these words would tell who rated them. */
  | { speaker: 'bot' | 'system'; hiddenFrom?: string }
  | { speaker: 'agent'; staffId: string; agentNumber: string; clientId: string }

export type Line = {
  /** The bot speaks unless somebody else is named. */
  say(saying: Saying, as?: SaidBy): Promise<KeptTurn>
}

/** What the live edge is told after a commit, to pass on to whoever watches. */
export type News =
  | { kind: 'turn'; turn: KeptTurn; hiddenFrom?: string }
  /** `leftBy`: the member of staff in whose hands it was until now. */
  | { kind: 'state'; conversationId: string; state: ConversationState; agentNumber?: string; leftBy?: string }
  | { kind: 'queue' }
  /** To one on duty: somebody waits whom nobody takes. */
  | { kind: 'duty-called'; conversationId: string; staffId: string; waitedMinutes: number }
  /** A call that we owe was booked, worked or settled. */
  | { kind: 'callbacks' }
  /** The citizen has read so far. */
  | { kind: 'read'; conversationId: string; seq: number }
  /** To the giver: what became of a transfer. */
  | {
      kind: 'transfer-settled'
      conversationId: string
      fromStaffId: string
      toNumber: string
      state: TransferState
      note?: string
    }
  /** For whom the bot answers has changed: city or insurance. */
  | { kind: 'scope'; conversationId: string }
  | {
      kind: 'rating-asked'
      conversationId: string
      ratingId: string
      about: 'bot' | 'agent' | 'case'
      agentNumber?: string
      /** No card asks for it: told to the citizen's screen alone. */
      quiet?: boolean
    }
