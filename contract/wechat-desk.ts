/**
 * What an agent sees of a WeChat conversation beside its words: how much may still be sent, what did not arrive and why,
 * and whether a subscription notice (订阅通知) may call the citizen back. The clock runs on the screen: times are absolute.
 */

/** `left` of `of` until then; afterwards none. */
export type SendingRoom = { left: number; of: number; until: string }

/**
 * `quota`: all that may be sent was sent. `window`: the citizen has not written for too long. `gone`: they do not follow
 * the account, or refuse it. `elsewhere`: a colleague in the company's own app has the session, or it has ended.
 * `busy`: WeChat takes it later, `set-up`: when administrators have put something right; both go again by themselves.
 * `refused`: WeChat did not take it. `unknown`: it may have arrived.
 */
export const undeliveredWhys = ['quota', 'window', 'gone', 'elsewhere', 'busy', 'set-up', 'refused', 'unknown'] as const
export type UndeliveredWhy = (typeof undeliveredWhys)[number]
/** Everything that was said from turn to turn. `isPartly`: the beginning of it arrived. */
export type Undelivered = { fromSeq: number; toSeq: number; why: UndeliveredWhy; isPartly: boolean; code?: number }

/** `unset`: no template is named in the settings. `not_asked`: no consent, or all of it used. */
export const noticeStates = ['unset', 'not_asked', 'declined', 'ready', 'sent', 'unknown', 'refused'] as const
export type NoticeState = (typeof noticeStates)[number]

export type WechatStanding = {
  conversationId: string
  /** What was read later counts, in whatever order it arrives. */
  readAt: string
  follows: boolean
  /** After a message of theirs; absent: they have not written. */
  message?: SendingRoom
  /** After a tap, a scan, a follow. */
  moment?: SendingRoom
  /** How long a message lets us write, and how often, as the operator has it set. */
  usual: { perMessage: number; messageHours: number }
  undelivered: Undelivered[]
  /** `sent`, `unknown`, `refused`: what became of the one for this time of silence, sent at `at`. */
  notice: { state: NoticeState; at?: string; code?: number }
}

export type WechatNews = { 'wechat:standing': (standing: WechatStanding) => void }

/** How many may be sent now. */
export function sendableNow({ follows, message, moment }: WechatStanding, now: number): number {
  const open = [message, moment].filter((room) => room !== undefined && now < Date.parse(room.until))
  return follows ? open.reduce((sum, room) => sum + (room?.left ?? 0), 0) : 0
}

/** Of UTF-8; what fits is one message, with the agent's number in front. */
const oneMessageBytes = 2_000
/** Longer words are cut where a reader would pause, so a part may be no longer than this. */
const shortPartBytes = 1_000

/** As many messages as these words of an agent are at most. */
export function messagesFor(text: string): number {
  const bytes = new TextEncoder().encode(text.trim()).length
  return bytes <= oneMessageBytes ? 1 : Math.ceil(bytes / shortPartBytes)
}

/** A code to scan in WeChat, as SVG; good until then, and once. */
export type JoinCode = { svg: string; expiresAt: string }
