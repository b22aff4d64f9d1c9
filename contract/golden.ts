/** What editors see of how well the base answers: runs of the golden questions, pairs of entries, hits, what runs out. */
import { z } from 'zod'
import { entryId } from './entry.ts'
import { pageQuery } from './http.ts'
import { text } from './text.ts'

/** From best to worst: told what is right, offered it, told nothing, told something else. */
export const goldenFates = ['right', 'offered', 'withheld', 'wrong'] as const
export type GoldenFate = (typeof goldenFates)[number]

export const goldenRunsQuery = z.strictObject({ ...pageQuery })
export const goldenMissedQuery = z.strictObject({
  fate: z.enum(['offered', 'withheld', 'wrong']).optional(),
  q: text(80).optional(),
  ...pageQuery,
})
export type GoldenRunRow = {
  id: string
  beganAt: string
  cause: 'asked' | 'published'
  by?: string
  total: number
  fates: Record<GoldenFate, number>
  /** Of these, the half that is only measured; absent of runs that did not count it apart. */
  keptBack?: Record<GoldenFate, number>
}
export type GoldenMissed = { id: string; question: string; expected: string | null; fate: GoldenFate; told: string }

export const pairKinds = ['alike', 'contradiction'] as const
export const pairsQuery = z.strictObject({ kind: z.enum(pairKinds).optional(), ...pageQuery })
export const pairSettleSchema = z.strictObject({
  kind: z.enum(pairKinds),
  a: entryId,
  b: entryId,
  reason: text(200),
})
export type PairView = {
  kind: (typeof pairKinds)[number]
  a: { entryId: string; text: string }
  b: { entryId: string; text: string }
  likeness: number
  numbers?: { a: string[]; b: string[] }
}

export const hitsQuery = z.strictObject({ never: z.enum(['1']).optional(), q: text(80).optional(), ...pageQuery })
export type HitRow = { entryId: string; question: string; hits: number; notSolved: number; lastHitAt?: string }
export type CoverageDay = { day: string; asked: number; answered: number; offered: number; unknown: number }
export type EndingRow = { entryId: string; question: string; validUntil: string; daysLeft: number }

export const confusionSchema = z.strictObject({ text: text(200), entryId: entryId.optional() })
export type Confusion = { entryId: string; question: string; score: number }
