/** 小结: what one agent's part was about, in that agent's words, filed under tags. One a part; nobody ends one without it. */
import { z } from 'zod'
import { catchAllTag, summaryTags } from './tag.ts'
import { text } from './text.ts'

export const summarySchema = z.strictObject({
  text: text(1_000),
  tags: summaryTags,
  /** Put right while talking, or still to be followed. */
  solved: z.boolean().default(true),
})
export type Summary = z.infer<typeof summarySchema>

/** A bare text is taken as a summary that is filed under nothing in particular. */
export const anySummary = z.preprocess(
  (given) => (typeof given === 'string' ? { text: given, tags: [catchAllTag] } : given),
  summarySchema,
)

/** As colleagues read it: numbers in it are masked. */
export type SummaryView = Summary & {
  byNumber: string
  writtenAt: string
  /** The last turn when it was written: its place among them. */
  afterSeq: number
}
