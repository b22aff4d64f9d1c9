/**
 * 试问: what a question leads to on what is live, and on the same with drafts in it. Nothing of it is kept: a trial is no
 * conversation, is counted nowhere and opens no gap.
 */
import { z } from 'zod'
import type { Answer } from './answer.ts'
import type { GoldenFate } from './golden.ts'
import { cityCode, day, insuranceSchema, text, uuid } from './text.ts'

export const trialSchema = z.strictObject({
  question: text(500),
  region: cityCode.optional(),
  insurance: insuranceSchema.optional(),
  on: day.optional(),
  /** As it comes from the telephone. */
  voice: z.boolean('应为 true 或 false').optional(),
  /** The text to be put in; without it every draft that still stands is. */
  revision: uuid.optional(),
})
export type Trial = z.infer<typeof trialSchema>

export type TrialCandidate = {
  entryId: string
  question: string
  /** The question or similar question that was hit, as it is compared. */
  hit: string
  score: number
  /** As the ranking names them. */
  features: { name: string; value: number }[]
}
export type TrialSide = {
  answer: Answer
  /** How sure an answer with the first candidate would be, in [0, 1]; 0 where none may be given. */
  sureness: number
  thresholds: { answer: number; askBack: number }
  /** The best first; at most five. */
  candidates: TrialCandidate[]
  slots: { name: string; values: string[] }[]
}
/** `drafts`: how many texts the draft side has that are not live. */
export type TrialView = { live: TrialSide; draft: TrialSide; drafts: number }

export const trialBatchQuery = z.strictObject({
  voice: z.enum(['1']).optional(),
  /** On what is live with every draft in it. */
  drafts: z.enum(['1']).optional(),
})
export type TrialBatchRow = {
  row: number
  question: string
  region?: string
  /** As it stands in the table. */
  expected: string
  fate: GoldenFate
  told: string
  score: number
}
/** `csv`: the same rows, for a spreadsheet; no cell of it is a formula. */
export type TrialBatchView = { rows: TrialBatchRow[]; fates: Record<GoldenFate, number>; csv: string }
