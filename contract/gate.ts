/** What the publish gate asks and tells, and what is done at a later day. */
import { z } from 'zod'
import { entryId } from './entry.ts'
import { pageQuery } from './http.ts'
import { day, text, uuid } from './text.ts'

/** Why it is published although questions are answered worse; a reviewer signs for it. */
export const revisionMoveBody = z.strictObject({ override: text(500).optional() }).optional()

export const planMoves = ['publish', 'withdraw'] as const
export type PlanMove = (typeof planMoves)[number]
export type PlanState = 'waiting' | 'done' | 'refused' | 'cancelled'
export const planSchema = z.strictObject({ revisionId: uuid, move: z.enum(planMoves), on: day })
export const plansQuery = z.strictObject({ entry: entryId.optional(), ...pageQuery })
export const rollbackSchema = z.strictObject({
  number: z.int('应为整数').min(1, '不能小于 1').max(100_000, '没有这一版'),
})

export type PlanView = {
  id: string
  revisionId: string
  entryId: string
  question: string
  number: number
  move: PlanMove
  on: string
  state: PlanState
  by: string
  /** Why it could not be done on its day. */
  refusal?: string
}
