/**
 * 缺口: what people asked and got no good answer to, gathered by likeness, on its way to an approved text of which
 * those who asked are told. Questions are shown masked.
 */
import { z } from 'zod'
import { entryId, wordingSchema } from './entry.ts'
import { pageQuery } from './http.ts'
import { day, seqNumber, text, uuid } from './text.ts'

export const gapStates = ['open', 'drafting', 'published', 'told', 'dismissed'] as const
export type GapState = (typeof gapStates)[number]

/** Not known; asked back and nothing chosen; answered, and it did not help; the conversation was rated badly. */
export const gapCauses = ['unknown', 'unchosen', 'not_helped', 'bad_rating'] as const
export type GapCause = (typeof gapCauses)[number]

export const gapsQuery = z.strictObject({
  state: z.enum(gapStates).optional(),
  cause: z.enum(gapCauses).optional(),
  mine: z.enum(['1']).optional(),
  overdue: z.enum(['1']).optional(),
  q: text(80).optional(),
  ...pageQuery,
})
/** Who sees to it, and by when; what is left out is taken back. */
export const gapOwnerSchema = z.strictObject({ ownerId: uuid.optional(), dueOn: day.optional() })
export const gapDraftSchema = z.strictObject({ id: entryId.optional(), wording: wordingSchema })
export const gapAttachSchema = z.strictObject({ entryId })
/** All that was asked into this gap is asked into that one from now on. */
export const gapMergeSchema = z.strictObject({ into: uuid })
/** One question, with whatever says the same, becomes a gap of its own. */
export const gapTakeOutSchema = z.strictObject({ conversationId: uuid, seq: seqNumber })
export const gapDismissSchema = z.strictObject({ reason: text(200) })

export type GapRow = {
  id: string
  state: GapState
  question: string
  /** How often it was asked, and by how many. */
  asked: number
  askers: number
  lastAskedAt: string
  openedAt: string
  owner?: { id: string; name: string }
  dueOn?: string
  overdue: boolean
  entryId?: string
  dismissedReason?: string
}
export type GapExample = {
  conversationId: string
  seq: number
  question: string
  cause: GapCause
  askedAt: string
  toldAt?: string
}
export type GapView = GapRow & {
  /** The newest first; the same words once. */
  examples: GapExample[]
  untold: number
  /** What a draft would take over as similar questions. */
  wordings: string[]
}
