/**
 * 一次性告知: all that a matter needs, told once and completely, with the proof that it arrived. Told again for the same
 * matter it shows: somebody had to come twice.
 */
import { z } from 'zod'
import { entryId } from './entry.ts'
import { clientId, seqNumber } from './text.ts'

/** `expectedSeq`: the last that the agent had seen; newer words refuse it with conversation_moved_on. */
export const sendGuideSchema = z.strictObject({ clientId, entryId, expectedSeq: seqNumber.optional() })
export type SendGuide = z.output<typeof sendGuideSchema>
export const turnsReadSchema = z.strictObject({ seq: seqNumber.min(1, '应大于 0') })

export type Telling = {
  conversationId: string
  seq: number
  entryId: string
  question: string
  /** 工号; absent: the bot. */
  agentNumber?: string
  toldAt: string
  /** When it was before the citizen's eyes; absent: not yet, or not known. */
  arrivedAt?: string
  /** When whatever carried it was taken by WeChat or by the SMS service. */
  deliveredAt?: string
  /** Carried by a short message, not by the words of the conversation. */
  bySms?: true
  /** The how-manieth time that this person was told of this matter. */
  time: number
}
