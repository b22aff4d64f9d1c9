/**
 * The citizen's socket (namespace /visitor), both ways. Names are noun:verb; asks are acknowledged after the
 * commit, news is not. A client keeps the highest `seq` it has shown, sends it on connecting, and drops what it
 * has already: news may come twice, never out of what the database holds.
 */
import { z } from 'zod'
import { cityCode, clientId, insuranceSchema, phoneNumber, seqNumber, text, uuid, type Insurance } from './text.ts'
import { turnsReadSchema } from './telling.ts'
import { giveRatingSchema, type AskedRating } from './rating.ts'
import { turnText, type ConversationState, type KeptTurn } from './turn.ts'
import type { FaultyField, ProblemCode } from './problem.ts'
import type { WaitRange } from './wait.ts'

export const visitorAuthSchema = z.object({
  token: z.string().min(20).max(300),
  conversationId: uuid.optional(),
  lastSeq: seqNumber.optional(),
})

export const sayAsVisitorSchema = z.strictObject({ clientId, text: turnText })
export const askPersonSchema = z.strictObject({ reason: text(200).optional() })
export const fileComplaintSchema = z.strictObject({ text: text(2_000), contact: phoneNumber.optional() })
export const bookCallbackSchema = z.strictObject({
  phone: phoneNumber,
  /** Wanted time; as soon as somebody is on duty when absent. */
  at: z.iso.datetime({ offset: true, error: '时间格式不对' }).optional(),
})
export const sinceSchema = z.strictObject({ seq: seqNumber })
export const chooseRegionSchema = z.strictObject({ region: cityCode.optional(), insurance: insuranceSchema.optional() })
export const judgeAnswerSchema = z.strictObject({ seq: seqNumber.min(1, '应大于 0'), solved: z.boolean() })
export const emptySchema = z.strictObject({})

/** What can be asked on this socket, and the shape of each ask. Every name stands in the policy table. */
export const visitorAsks = {
  'turn:say': sayAsVisitorSchema,
  'turns:since': sinceSchema,
  /** Before the citizen's eyes so far. */
  'turns:read': turnsReadSchema,
  'person:ask': askPersonSchema,
  'queue:leave': emptySchema,
  'rating:give': giveRatingSchema,
  'complaint:file': fileComplaintSchema,
  'callback:book': bookCallbackSchema,
  'conversation:end': emptySchema,
  'answer:judge': judgeAnswerSchema,
  'region:choose': chooseRegionSchema,
  'typing:tell': emptySchema,
} as const
export type VisitorAsk = keyof typeof visitorAsks
export type VisitorAsked = { [A in VisitorAsk]: z.output<(typeof visitorAsks)[A]> }

/** What a well-taken ask brings back. */
export type VisitorReplies = {
  'turn:say': { seq: number; conversationId: string }
  'turns:since': { turns: KeptTurn[] }
  'turns:read': Record<string, never>
  /** `queued`: a person will come; `callback`: nobody is there, the bot now asks for a number. */
  'person:ask': { conversationId: string; outcome: 'queued' | 'callback' | 'already' }
  'queue:leave': Record<string, never>
  'rating:give': { caseNumber?: string }
  'complaint:file': { caseNumber: string; dueOn: string; provisional: boolean }
  'callback:book': { callbackId: string; dueAt: string }
  'conversation:end': Record<string, never>
  'answer:judge': Record<string, never>
  'region:choose': Record<string, never>
  'typing:tell': Record<string, never>
}

export type Reply<T> =
  | { ok: true; value: T }
  | { ok: false; code: ProblemCode; message: string; fields?: readonly FaultyField[] }
export type Ack<T> = (reply: Reply<T>) => void

/** Where a conversation stands, told on every connect and on every change. */
export type Standing = {
  conversationId: string
  state: ConversationState
  lastSeq: number
  agentNumber?: string
  region?: string
  insurance?: Insurance
}

export type VisitorNews = {
  /** First on every connect that has a conversation, before the missed turns. */
  'conversation:standing': (standing: Standing) => void
  'turn:said': (turn: KeptTurn) => void
  /** `waitSeconds` is a guess for programs; `range`, in minutes, is what people read, and absent where nothing is known. */
  'queue:place': (place: { place: number; waitSeconds: number; range?: WaitRange }) => void
  'rating:asked': (asked: AskedRating) => void
  /** The other side is writing. */
  typing: (who: { speaker: 'agent' | 'bot' }) => void
}
