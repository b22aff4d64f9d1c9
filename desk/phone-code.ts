/**
 * 验证码: when one may be sent, and what an answer to it is worth. Pure.
 *
 * Invariant: a code is good once, for five minutes and five tries, and only the newest one of a number in a conversation.
 */
const minuteMs = 60_000
export const codeDigits = 6
export const codeMinutes = 5
export const mostTries = 5
/** Whoever did not get it waits so long before the next one. */
const againAfterMs = minuteMs
const perConversation = { within: 10 * minuteMs, most: 3 }
/** A number belongs to somebody who may have nothing to do with this conversation. */
const perNumber = { within: 24 * 60 * minuteMs, most: 5 }
export const lookBackMs = perNumber.within

export type SentCodes = { ofConversation: readonly Date[]; ofNumber: readonly Date[] }
export type MaySend = 'yes' | 'too_soon' | 'too_many'

/** @param sent within `lookBackMs`, in any order. */
export function maySend({ ofConversation, ofNumber }: SentCodes, now: Date): MaySend {
  const within = (sent: readonly Date[], ms: number) => sent.filter((at) => now.getTime() - at.getTime() < ms).length
  if (within(ofConversation, perConversation.within) >= perConversation.most) return 'too_many'
  if (within(ofNumber, perNumber.within) >= perNumber.most) return 'too_many'
  return within([...ofConversation, ...ofNumber], againAfterMs) > 0 ? 'too_soon' : 'yes'
}

export type SentCode = { expiresAt: Date; tries: number; isUsed: boolean }
/** `over`: too old, tried too often, or used: another one has to be sent. */
export type Verdict = 'right' | 'wrong' | 'over'

/** @param code with the tries before this one. */
export function judge({ expiresAt, tries, isUsed }: SentCode, matches: boolean, now: Date): Verdict {
  if (isUsed || tries >= mostTries || now >= expiresAt) return 'over'
  return matches ? 'right' : 'wrong'
}

export const codeText = (bureau: string, code: string) =>
  `【${bureau}】验证码 ${code}，${codeMinutes} 分钟内有效。请告诉正在接待您的工作人员，用来确认这个号码是您本人的；不是您本人在咨询，请不要理会。`
