/** One citizen on several channels: how somebody was found to be the same person, and what was said there before. */
import type { SummaryView } from './summary.ts'
import type { Channel, ConversationState } from './turn.ts'

/** Rung back on that number, a code sent to it, or their papers looked at. Never by what somebody is called. */
export const verifiedHows = ['rang_back', 'sms_code', 'documents'] as const
export type VerifiedHow = (typeof verifiedHows)[number]
/** `wechat_scan`: no colleague found it; the citizen scanned a code shown to them elsewhere, and agreed. */
export type FoundHow = VerifiedHow | 'wechat_scan'
export const foundHowNames: Record<FoundHow, string> = {
  rang_back: '回拨核对',
  sms_code: '短信验证码',
  documents: '核对证件',
  wechat_scan: '市民扫码并同意',
}

/** One finding. `isHere`: it is about the contact of this very conversation. */
export type JoinView = { joinId: string; how: FoundHow; byNumber?: string; at: string; isHere: boolean }

export type EarlierConversation = {
  conversationId: string
  channel: Channel
  startedAt: string
  lastText: string
  state: ConversationState
  summaries: SummaryView[]
}
