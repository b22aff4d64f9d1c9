/** 会话: what was said before, as those may look it up who did the work, and those who answer for it. */
import { z } from 'zod'
import type { DeskConversation } from './agent-events.ts'
import { pageQuery } from './http.ts'
import { unmaskSchema } from './security.ts'
import type { SummaryView } from './summary.ts'
import { tagName } from './tag.ts'
import { day, phoneNumber, text, uuid } from './text.ts'
import { channels } from './turn.ts'

export const conversationsQuery = z
  .strictObject({
    /** Days of the bureau on which they began, both counted. */
    from: day.optional(),
    to: day.optional(),
    channel: z.enum(channels, '没有这个渠道').optional(),
    /** Who had a part in it. */
    agent: uuid.optional(),
    tag: tagName.optional(),
    /** Of a case that came of it, ours or 12345's. */
    number: text(40).optional(),
    ...pageQuery,
  })
  .refine(({ from, to }) => !from || !to || from <= to, { path: ['to'], message: '结束日期早于开始日期' })

/** By a whole number, which is looked up by its keyed hash and kept nowhere. */
export const conversationsOfPhoneSchema = unmaskSchema.extend({ phone: phoneNumber })

export type ConversationRow = Pick<
  DeskConversation,
  'conversationId' | 'channel' | 'state' | 'who' | 'region' | 'lastText'
> & {
  startedAt: string
  closedAt?: string
  /** Work numbers of all who had a part in it, in their order. */
  agentNumbers: string[]
  /** Numbers of the cases that came of it. */
  caseNumbers: string[]
  summaries: SummaryView[]
}
export type ConversationsView = { conversations: ConversationRow[]; total: number }
