/** 现场, the wall of the supervisors: who waits, who works, what goes on, at this moment. */
import { z } from 'zod'
import type { DeskConversation } from './agent-events.ts'
import { pageQuery } from './http.ts'
import type { Capacity, QueueMode } from './queue.ts'
import type { PresenceState } from './staff.ts'
import { uuid } from './text.ts'
import { channels } from './turn.ts'
import type { LateLimits } from './wait.ts'

export type SeatOnWall = {
  staffId: string
  workNumber: string
  displayName: string
  state: PresenceState
  since: string
  held: Capacity
  capacity: Capacity
}
/** 现场: what is so at this moment. */
export type WallView = {
  at: string
  mode: QueueMode
  /** How many wait, and since when the one who has waited longest. */
  waiting: number
  waitingSince?: string
  seats: SeatOnWall[]
  late: LateLimits
}

/** In whose hands: 人工, 等待, 智能客服. */
export const holders = ['agent', 'waiting', 'bot'] as const
export type Holder = (typeof holders)[number]
export const holderNames: Record<Holder, string> = { agent: '人工', waiting: '等待', bot: '智能客服' }

export const wallRowsQuery = z.strictObject({
  holder: z.enum(holders, '只能是 agent、waiting、bot').optional(),
  agent: uuid.optional(),
  channel: z.enum(channels, '没有这个渠道').optional(),
  /** Those alone that nobody has answered for too long. */
  late: z.enum(['1'], '只能是 1').optional(),
  ...pageQuery,
})
/** People's before the bot's, longest unanswered first; `unansweredSince` says since when the citizen waits for a word. */
export type WallRowsView = { at: string; rows: DeskConversation[]; total: number }
