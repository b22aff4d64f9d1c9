/** The desk's socket (namespace /agent, session cookie), both ways. Asks are acknowledged after the commit. */
import { z } from 'zod'
import type { AlertsChanged } from './alert.ts'
import type { CallbackNews } from './callback.ts'
import { deskToolAsks, type DeskToolNews, type DeskToolReplies, type NoteView } from './desk-notes.ts'
import { figureAsks, type FigureNews, type FigureReplies } from './figure.ts'
import type { HandsetTold, HandsetView } from './handset.ts'
import { consoleSignal, type PhoneSignal } from './peer-signal.ts'
import type { EarlierConversation, FoundHow, JoinView } from './person.ts'
import type { CallEnd } from './phone-events.ts'
import type { HandoverFlag, MyPresence, QueueNews } from './queue.ts'
import { cityCode, clientId, seqNumber, text, uuid, type Insurance } from './text.ts'
import { presenceStates } from './staff.ts'
import { anySummary, type SummaryView } from './summary.ts'
import type { Telling } from './telling.ts'
import type { AskedTransfer, Colleague, TransferGroups, TransferState, TransferView } from './transfer.ts'
import { turnText, type Channel, type ConversationState, type KeptTurn } from './turn.ts'
import type { LateLimits } from './wait.ts'
import type { WechatNews } from './wechat-desk.ts'

const which = { conversationId: uuid }

/** Approved text that this agent was offered: kept beside what was said, with whether it was said word for word. */
const offered = z.strictObject({
  revisionId: uuid,
  from: z.enum(['bot', 'search'], '只能是 bot、search'),
  /** The citizen's turn that it was offered for. */
  askedSeq: seqNumber.min(1, '不能小于 1'),
})

export const agentAsks = {
  'presence:set': z.strictObject({ state: z.enum(presenceStates, '只能是 online、busy、offline') }),
  'queue:list': z.strictObject({}),
  'conversation:open': z.strictObject(which),
  'conversation:claim': z.strictObject(which),
  'turn:say': z.strictObject({
    ...which,
    clientId,
    text: turnText,
    /** The last seq the agent had seen; newer words of citizen or colleague refuse these with conversation_moved_on. */
    expectedSeq: seqNumber.optional(),
    /** The revision whose text was inserted from the knowledge panel. */
    revisionId: uuid.optional(),
    offered: offered.optional(),
  }),
  'conversation:close': z.strictObject({ ...which, summary: anySummary }),
  /** Of one's own part that the citizen ended. */
  'summary:write': z.strictObject({ ...which, summary: anySummary }),
  /** A note is written for colleagues: the citizen learns nothing of it. */
  'typing:tell': z.strictObject({ ...which, what: z.enum(['reply', 'note'], '只能是 reply、note').default('reply') }),
  ...deskToolAsks,
  /** Who could take this conversation over now. */
  'colleagues:list': z.strictObject(which),
  /**
   * Either to one colleague, who is asked first, or to the queue at once, where those who know a matter or serve a region
   * may be wanted. The reason is for colleagues alone.
   */
  'conversation:transfer': z.strictObject({
    ...which,
    toStaffId: uuid.optional(),
    toQueue: z.boolean('应为 true 或 false').default(false),
    /** Absent: judged by what the citizen said; null: anybody. */
    skillId: uuid.nullable().optional(),
    /** Absent: where the conversation is held. */
    region: cityCode.optional(),
    reason: text(300),
  }),
  'transfer:accept': z.strictObject({ transferId: uuid }),
  'transfer:decline': z.strictObject({ transferId: uuid, note: text(200).optional() }),
  'transfer:take-back': z.strictObject({ transferId: uuid }),
  /** The audio of a call that this agent holds: taken up by this console, put down, held, ended, given back to the bot. */
  'audio:open': z.strictObject(which),
  'audio:close': z.strictObject(which),
  'call:hold': z.strictObject({ ...which, on: z.boolean() }),
  'call:hang-up': z.strictObject(which),
  'call:to-bot': z.strictObject({ ...which, summary: anySummary }),
  /** To the phone that carries this call; only the console that took up its audio may. */
  'peer:signal': z.strictObject({ ...which, signal: consoleSignal }),
  /** This agent's own desk phone: whether it is there, rung for a call, put down. */
  'handset:look': z.strictObject({}),
  'handset:ring': z.strictObject(which),
  'handset:put-down': z.strictObject(which),
  /** Rings the number of a callback that waits; the conversation of that call is this agent's. */
  'callback:ring': z.strictObject({ callbackId: uuid }),
  ...figureAsks,
} as const
export type AgentAsk = keyof typeof agentAsks
export type AgentAsked = { [A in AgentAsk]: z.output<(typeof agentAsks)[A]> }

/** One row of the agent's list. */
export type DeskConversation = {
  conversationId: string
  channel: Channel
  state: ConversationState
  /** Masked; a pseudonym when nothing is known: "访客 8F3A". */
  who: string
  region?: string
  insurance?: Insurance
  lastText: string
  lastTurnAt: string
  lastSeq: number
  reason?: string
  /** What the last colleague wrote for the next one. */
  note?: string
  priority?: number
  /** Why they go before others who asked earlier. */
  flags?: HandoverFlag[]
  /** What whoever takes them should know about, by its name. */
  skill?: string
  /** Who serves this region is wanted, wherever the conversation is held. */
  wantedRegion?: string
  waitingSince?: string
  /** Since then nobody has said a word to them who should, the first or the next. */
  unansweredSince?: string
  agentId?: string
  agentNumber?: string
  /** 首问: who took the question first. */
  firstAskedNumber?: string
  /** On the web, in this agent's hands: whether a page of theirs is connected. */
  isThere?: boolean
}

export type DeskQueue = {
  waiting: DeskConversation[]
  mine: DeskConversation[]
  online: number
  /** Asked of this agent. */
  asked: AskedTransfer[]
  late: LateLimits
}

export type ConversationView = {
  conversation: DeskConversation
  /** Whether the caller is on the line now; absent where there never was a call. */
  call?: 'live' | 'ended'
  transfer?: TransferView
  /** Sixty or more, as they said themselves or a colleague noted. */
  isElder: boolean
  /** The newest ones on the desk's socket; `turns:before` has the others. */
  turns: KeptTurn[]
  /** Up to where the citizen has read; 0 where nobody knows. */
  readSeq: number
  /** 一次性告知 to this person, newest first. */
  tellings: Telling[]
  /** What colleagues wrote beside it, oldest first. */
  notes: NoteView[]
  /** What each agent wrote at the end of their part, oldest first. */
  summaries: SummaryView[]
  /** Work numbers of those whose part the citizen ended, and who have not summed it up yet. */
  unsummedBy: string[]
  /** Who found this contact to be a certain person, and how; absent: what they typed proves nothing. */
  verified?: { how: FoundHow; byNumber?: string; at: string }
  /** Since when they want nothing unasked, by whatever is known to be theirs. */
  optedOutAt?: string
  /** Every finding that holds this person's contacts together, newest first. */
  joins: JoinView[]
  /** Earlier conversations of the same contact, and of any contact verified to be the same person, newest first. */
  /** The newest of them; `historyTotal` counts all. */
  history: EarlierConversation[]
  historyTotal: number
}

export type AgentReplies = DeskToolReplies & {
  'presence:set': MyPresence
  'queue:list': DeskQueue & { presence: MyPresence }
  'conversation:open': ConversationView
  'conversation:claim': ConversationView
  'turn:say': { seq: number }
  'conversation:close': Record<string, never>
  'summary:write': Record<string, never>
  'typing:tell': Record<string, never>
  'colleagues:list': { colleagues: Colleague[]; groups: TransferGroups }
  'conversation:transfer': { transferId: string }
  'transfer:accept': ConversationView
  'transfer:decline': Record<string, never>
  'transfer:take-back': Record<string, never>
  'audio:open': Record<string, never>
  'audio:close': Record<string, never>
  'call:hold': Record<string, never>
  'call:hang-up': Record<string, never>
  'call:to-bot': Record<string, never>
  'peer:signal': Record<string, never>
  'handset:look': HandsetView
  'handset:ring': Record<string, never>
  'handset:put-down': Record<string, never>
  'callback:ring': { conversationId: string }
  'figures:watch': FigureReplies['figures:watch']
}

export type AgentNews = CallbackNews &
  DeskToolNews &
  WechatNews &
  QueueNews & {
    'turn:said': (turn: KeptTurn) => void
    /** Somebody joined or left the queue, or a claim was won: ask `queue:list` again. */
    'queue:changed': (queue: DeskQueue) => void
    'conversation:changed': (changed: {
      conversationId: string
      state: ConversationState
      agentNumber?: string
    }) => void
    typing: (who: { conversationId: string; speaker: 'customer' }) => void
    /** A page of a citizen's whom this agent has came or went. */
    'citizen:there': (told: { conversationId: string; isThere: boolean }) => void
    /** The citizen has read so far. */
    'conversation:read': (read: { conversationId: string; seq: number }) => void
    /** What became of a transfer that this agent asked for. */
    'transfer:settled': (settled: {
      conversationId: string
      toNumber: string
      state: TransferState
      note?: string
    }) => void
    /** What the caller said: 160 bytes of A-law, 20 ms. The same name the other way is what the agent says. */
    'audio:frame': (conversationId: string, alaw: Uint8Array) => void
    /** The citizen of a conversation that this agent still has rings again, and waits for this very agent. */
    'call:back': (ringing: { conversationId: string }) => void
    /** Another console took up the audio of this call; this one has it no more. */
    'audio:taken': (taken: { conversationId: string }) => void
    /** For the console of that name alone. */
    'peer:signal': (told: { conversationId: string; consoleId: string; signal: PhoneSignal }) => void
    'handset:told': (told: HandsetTold) => void
    /** Some desk phone came or went: look whether it was one's own. */
    'handset:changed': () => void
    /** What became of a call that this agent made; `why` as the record has it. */
    'callback:told': (told: { conversationId: string; state: 'answered' | 'unanswered'; why?: CallEnd }) => void
    /** The call behind this conversation is over. */
    'call:ended': (ended: { conversationId: string }) => void
    'figures:changed': FigureNews['figures:changed']
    'alerts:changed': (changed: AlertsChanged) => void
  }
