/** What the answerer decides about one question. Text is always an approved revision's own, word for word. */
import { z } from 'zod'
import { entryId, guideSchema, sourceSchema } from './entry.ts'
import { cityCode, cityNameOrCode, day, insuranceSchema, text, uuid } from './text.ts'

export const askSchema = z.strictObject({
  question: text(500),
  /** A city's name or its GB/T 2260 code; a city without entries of its own gets the national ones. */
  region: cityNameOrCode.optional(),
  insurance: insuranceSchema.optional(),
  /** The day asked about; today when absent. */
  on: day.optional(),
  voice: z.boolean('应为 true 或 false').optional(),
})
export type Ask = z.infer<typeof askSchema>

export const choiceSchema = z.object({ id: z.string(), question: z.string() })
export type Choice = z.infer<typeof choiceSchema>

export const answerSchema = z.object({
  outcome: z.enum(['answer', 'ask-back', 'unknown']),
  entry: z
    .object({
      id: entryId,
      revision: uuid,
      question: z.string(),
      /** What a caller types to hear it (contract/topic-code.ts). */
      code: z.string().optional(),
    })
    .optional(),
  answer: z
    .object({
      text: z.string(),
      spoken: z.string(),
      sources: z.array(sourceSchema),
      guide: guideSchema.optional(),
      validFrom: day,
      validUntil: day.optional(),
      /** To be read first: how the text stands to the day that was asked about, when that is not today. */
      notice: z.string().optional(),
      /** To be read last: what changes soon, or until when the text holds. */
      coming: z.string().optional(),
      /** Shipped example text that nobody of the bureau has approved yet. */
      example: z.boolean(),
    })
    .optional(),
  /** At most three. */
  choices: z.array(choiceSchema).optional(),
  /** What about the asker would decide it, and is not known: of an answer, that their city has one of its own. */
  needs: z.enum(['region', 'insurance']).optional(),
  /** With `needs: region`: the codes of the cities that have an answer of their own, the likeliest first. */
  cities: z.array(cityCode).optional(),
  /** In [0, 1]. */
  score: z.number(),
})
export type Answer = z.infer<typeof answerSchema>
