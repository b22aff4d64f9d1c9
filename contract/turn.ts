/**
 * A turn: one thing said, by one side, on any channel.
 *
 * Channels make turns, bot/switchboard.ts answers them, stores keep them. A turn is a fact: it is never edited,
 * only followed by another; `seq` (1, 2, 3 … without gaps) orders a conversation.
 */
import { z } from 'zod'
import { choiceSchema } from './answer.ts'
import { attachmentSchema, type Attachment } from './attachment.ts'
import { entryId, guideSchema, sourceSchema } from './entry.ts'
import { clientId, text, uuid } from './text.ts'

export const channels = ['web', 'wechat', 'phone'] as const
export type Channel = (typeof channels)[number]
export const speakers = ['customer', 'bot', 'agent', 'system'] as const
export type Speaker = (typeof speakers)[number]

export const turnText = text(2_000)

/** What a customer says, as a channel hands it in. */
export type Turn = {
  conversationId: string
  channel: Channel
  clientId: string
  text: string
  attachments?: readonly Attachment[]
  saidAt: Date
}

/** What the bot's question is answered with, where that is not any words: a telephone number, a yes or a no. */
export const expectedAnswers = ['number', 'yes-no'] as const

/** What bot or person says back: words, and what a screen may show beside them. */
export const sayingSchema = z.object({
  text: z.string(),
  /** What a voice says instead of `text`; absent: `text` itself. */
  spoken: z.string().optional(),
  sources: z.array(sourceSchema).optional(),
  /** The bot's own questions alone: what an agent writes awaits nothing in particular. */
  expects: z.enum(expectedAnswers).optional(),
  choices: z.array(choiceSchema).optional(),
  answer: z
    .object({
      entryId,
      revisionId: uuid,
      question: z.string(),
      /** What a caller types to hear it. */
      code: z.string().optional(),
      validFrom: z.string(),
      guide: guideSchema.optional(),
      example: z.boolean(),
    })
    .optional(),
  /** A rating is asked for; the token travels apart, to the citizen alone. */
  rating: z
    .object({ ratingId: uuid, about: z.enum(['bot', 'agent', 'case']), agentNumber: z.string().optional() })
    .optional(),
  /**
   * Tells of a rating, which the desk is not shown: `words` when the citizen's turn before it is the rating itself,
   * `card` when that was given beside the conversation.
   */
  aboutRating: z.enum(['words', 'card']).optional(),
  /** Tells of this case: never shown to whoever was rated in it. */
  aboutCase: uuid.optional(),
  /** What came with it that is not words; whoever may see it fetches it by its id. */
  attachments: z.array(attachmentSchema).optional(),
})
export type Saying = z.infer<typeof sayingSchema>

/** A turn as it was kept, and as it is shown. */
export const keptTurnSchema = sayingSchema.extend({
  conversationId: uuid,
  seq: z.int().positive(),
  clientId: clientId.optional(),
  speaker: z.enum(speakers),
  /** Work number (工号) of the agent who spoke, never a name. */
  agentNumber: z.string().optional(),
  saidAt: z.iso.datetime(),
  /** Not for whoever looks: nothing but its number is there, so that no gap is looked for. */
  hidden: z.literal(true).optional(),
})
export type KeptTurn = z.infer<typeof keptTurnSchema>

export const conversationStates = ['bot', 'waiting', 'agent', 'closed'] as const
export type ConversationState = (typeof conversationStates)[number]
