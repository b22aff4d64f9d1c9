/**
 * The phone's socket (namespace /phone), both ways. The phone is a process of its own, on this machine or another: it
 * hears, speaks and keeps time; what to say is the bot's, as on every channel. Asks are acknowledged after the commit.
 * Audio travels beside them, unacknowledged: 160 bytes of A-law, 20 ms, each way.
 */
import { z } from 'zod'
import { handsetTold, type HandsetFound } from './handset.ts'
import { consoleId, phoneSignal, type ConsoleSignal } from './peer-signal.ts'
import { levelSchema } from './rating.ts'
import { clientId, notStorable, phoneNumber, seqNumber, storable, text, uuid } from './text.ts'
import { turnText, type Channel, type ConversationState, type KeptTurn } from './turn.ts'
import type { WaitRange } from './wait.ts'

export const hearings = ['none', 'choices', 'open'] as const
/** What a line can take by ear: nothing, one of a few phrases, any sentence. */
export type Hearing = (typeof hearings)[number]

export const phoneAuthSchema = z.object({ token: z.string().min(16).max(200), node: text(60) })

/** Call-ID and caller come from strangers' SIP headers: bounded text, shown as text, never trusted. */
const fromSip = (maxChars: number) =>
  z
    .string()
    .max(maxChars)
    .transform((raw) =>
      raw
        .toWellFormed()
        .replace(/\p{Cc}/gu, '')
        .trim(),
    )
const at = z.iso.datetime()
const which = { conversationId: uuid }
/** Four seconds. */
export const questionPartBytes = 32_000
/** A minute. */
export const questionBytes = 480_000

export const callEnds = [
  'caller', // BYE
  'hotline', // said goodbye and hung up
  'agent',
  'cancelled', // before it was picked up
  'refused', // full or draining
  'no-ack',
  'no-audio',
  'session-expired',
  'peer-gone',
  'failed',
] as const
export type CallEnd = (typeof callEnds)[number]

/** What happened in a call, for its record. Times are the phone's clock. */
export const callEventKinds = [
  'picked-up',
  'heard',
  'key',
  'engine-changed',
  'queued',
  'person',
  'held',
  'resumed',
  'bot-again',
  'question-left',
] as const
export type CallEventKind = (typeof callEventKinds)[number]

/** What stands for the called number in the record of calls that we made. */
export const callbackLine = 'callback'
/** Why a callback is not dialled. */
export type CallbackRefusal = 'not-allowed' | 'no-trunk' | 'no-room' | 'under-way'

export const phoneAsks = {
  /** `sipPort` null: the port was taken and no call can come in. */
  'phone:hello': z.strictObject({
    hearing: z.enum(hearings),
    speaks: z.boolean(),
    sipPort: z.int().min(0).max(65_535).nullable(),
  }),
  /** The phone names the call, and may end it under that name without having heard of its beginning. */
  'call:begin': z.strictObject({
    callRowId: uuid,
    callId: fromSip(200),
    caller: fromSip(120),
    line: fromSip(120),
    at,
  }),
  'call:refuse': z.strictObject({ callId: fromSip(200), line: fromSip(120), at }),
  'call:note': z.strictObject({ callRowId: uuid, kind: z.enum(callEventKinds), at, detail: text(300).optional() }),
  'call:end': z.strictObject({ callRowId: uuid, endedBy: z.enum(callEnds), at }),
  'turn:say': z.strictObject({
    ...which,
    clientId,
    text: turnText,
    heardBy: z.enum(['speech', 'key']),
    confidence: z.number().min(0).max(1).optional(),
  }),
  /** How much of a turn was played: cut off or to its end. */
  'turn:heard': z.strictObject({
    ...which,
    seq: seqNumber.min(1, '应大于 0'),
    heard: z.string().max(3_000).refine(storable, notStorable),
    heardMs: seqNumber,
    ofMs: seqNumber,
  }),
  'person:ask': z.strictObject({ ...which, reason: z.enum(['asked', 'bot_stuck', 'bot_failed']).default('asked') }),
  'queue:leave': z.strictObject(which),
  /** The agent who has this conversation did not take up the call of a caller who rang again. */
  'agent:missed': z.strictObject(which),
  'rating:give': z.strictObject({ ...which, ratingId: uuid, level: levelSchema }),
  /** Without a number: the caller's own. */
  'callback:book': z.strictObject({ ...which, phone: phoneNumber.optional() }),
  /** A piece of a spoken question for the desk, A-law; the pieces come in order. One socket message holds no more. */
  'question:part': z.strictObject({
    ...which,
    alaw: z.instanceof(Uint8Array).refine((audio) => audio.length <= questionPartBytes, '一段录音太长'),
  }),
  /** The question is whole: kept, and a callback with it. */
  'question:leave': z.strictObject(which),
  'conversation:end': z.strictObject(which),
  /** To the console that took up the audio of this call. */
  'peer:signal': z.strictObject({ ...which, consoleId, signal: phoneSignal }),
  'handset:tell': handsetTold,
  /** Some desk phone can be reached now that could not before, or no more. */
  'handset:changed': z.strictObject({}),
  /** A call of ours to somebody who asked for it, before it rings; its conversation is an agent's. */
  'callback:begin': z.strictObject({ ...which, callRowId: uuid, callId: fromSip(200), at }),
} as const
export type PhoneAsk = keyof typeof phoneAsks
export type PhoneAsked = { [A in PhoneAsk]: z.output<(typeof phoneAsks)[A]> }

/** `overflow`: a person first, the bot when none is free or the queue is long. `after-hours`: the bot, then callbacks. */
export const lineModes = ['bot-first', 'person-first', 'overflow', 'after-hours'] as const
export type LineMode = (typeof lineModes)[number]
/** What stands for the web and for WeChat among the called numbers. No telephone number begins like that. */
export const chatLines = ['@web', '@wechat'] as const
export type ChatLine = (typeof chatLines)[number]
export function chatLineOf(channel: Channel): ChatLine | undefined {
  return chatLines.find((line) => line === `@${channel}`)
}
/** A weekday's name means that day of the week where no holiday notice moved it; a moved day is a workday or a restday. */
export const lineDays = ['workdays', 'restdays', 'every-day', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type LineDays = (typeof lineDays)[number]
/** From `from` to `to`, "HH:MM" in Asia/Shanghai, the end left out; `to` may be "24:00". Nights are two rows. */
export type LineHours = { on: LineDays; from: string; to: string; mode: LineMode }
export type LineTable = {
  /** Rows by called number; the first that fits counts. A number without rows uses `otherLines`. */
  lines: Readonly<Record<string, readonly LineHours[]>>
  otherLines: readonly LineHours[]
  /** Days that the State Council's notice moved, "YYYY-MM-DD"; all others go by the week. */
  moved: Readonly<Record<string, 'worked' | 'off'>>
  /** On an overflow line the bot takes a caller who would wait, or has waited, longer than this. */
  overflowAfterSeconds: number
}
/** The desk at this moment. `takers`: how many at a desk take this channel at all, free or not. */
export type DeskNow = { takers: number; free: number; longestWaitSeconds: number }

/** A published entry as a caller may look for it; `code` is what stands beside it in the printed list (topic-code.ts). */
export type Title = { entryId: string; code?: string; question: string; similar: string[]; spoken: string }

export type PhoneReplies = {
  'phone:hello': { bureau: string; titles: Title[]; lineTable: LineTable }
  'call:begin': {
    callRowId: string
    conversationId: string
    lastSeq: number
    /** Where the conversation stands as the call begins: `agent` has it still, from the caller's call before. */
    standing: { state: Exclude<ConversationState, 'closed'>; agentNumber?: string; weRang?: true }
    desk: DeskNow
    hasNumber: boolean
  }
  'call:refuse': Record<string, never>
  'call:note': Record<string, never>
  'call:end': Record<string, never>
  'turn:say': { seq: number }
  'turn:heard': Record<string, never>
  'person:ask': { outcome: 'queued' | 'callback' | 'already' }
  'queue:leave': Record<string, never>
  'agent:missed': { outcome: 'queued' | 'callback' | 'already' }
  'rating:give': { caseNumber?: string }
  'callback:book': { callbackId: string; dueAt: string }
  'question:part': Record<string, never>
  'question:leave': { callbackId: string }
  'conversation:end': Record<string, never>
  'peer:signal': Record<string, never>
  'handset:tell': Record<string, never>
  'handset:changed': Record<string, never>
  'callback:begin': PhoneReplies['call:begin']
}

export type PhoneNews = {
  'turn:said': (turn: KeptTurn) => void
  'conversation:standing': (standing: {
    conversationId: string
    state: ConversationState
    agentNumber?: string
  }) => void
  'queue:place': (place: { conversationId: string; place: number; waitSeconds: number; range?: WaitRange }) => void
  'rating:asked': (asked: { conversationId: string; ratingId: string; about: 'bot' | 'agent' | 'case' }) => void
  'titles:changed': (titles: { titles: Title[] }) => void
  'lines:changed': (changed: { lineTable: LineTable }) => void
  /** An agent's console has taken up the audio of this call, or put it down. */
  'audio:opened': (opened: { conversationId: string; agentNumber: string; by?: 'handset' }) => void
  'audio:closed': (closed: { conversationId: string }) => void
  /** An agent takes up this call with a desk phone, which shows `shown` while it rings. */
  'handset:ring': (ring: { conversationId: string; extension: string; agentNumber: string; shown: string }) => void
  'handset:look': (which: { extension: string }, found: (found: HandsetFound) => void) => void
  /** Whether it would be dialled, before anything is done for it. */
  'callback:may': (which: { number: string }, answer: (answer: 'yes' | CallbackRefusal) => void) => void
  /** Dial the number of a callback, for the agent who has this conversation. */
  'callback:dial': (
    dial: { conversationId: string; number: string },
    answer: (answer: 'dialling' | CallbackRefusal) => void,
  ) => void
  /** `by`: at the desk phone itself; else by the agent at a console. A call is held while either holds it. */
  'call:hold': (held: { conversationId: string; on: boolean; by?: 'handset' }) => void
  'call:hang-up': (which: { conversationId: string }) => void
  /** A voice that came by another channel, A-law, to be written down; without a text it was not understood. */
  'voice:write-down': (voice: { alaw: Uint8Array }, written: (written: { text?: string }) => void) => void
  'peer:signal': (told: { conversationId: string; consoleId: string; signal: ConsoleSignal }) => void
  /** Whatever was held for this console may go. */
  'console:gone': (gone: { consoleId: string }) => void
  /** What the agent said: 160 bytes of A-law. */
  'audio:frame': (conversationId: string, alaw: Uint8Array) => void
}
/** Unacknowledged, phone to server: what the caller said. */
export const audioFrame = 'audio:frame'
export const alawFrameBytes = 160
