/** Why a conversation needs a person, and how far to the front of the queue that puts it. */
import type { HandoverReason } from './tables.ts'

/** 0 to 9; higher is taken first, the same in order of asking. Whoever lost their agent has waited once already. */
export const handoverPriority: Record<HandoverReason, number> = {
  urgent: 5,
  agent_gone: 3,
  transfer: 3,
  asked: 0,
  bot_stuck: 0,
  bot_failed: 0,
}
