/** Shapes of the HTTP doors that no other file of the contract owns. */
import { z } from 'zod'
import { entryId, wordingSchema, revisionStates, type Revision } from './entry.ts'
import { cityCode, cityNameOrCode, day, insuranceSchema, text, uuid, type Insurance } from './text.ts'
import type { Office, Role, SetUpLink } from './staff.ts'
import type { Level } from './rating.ts'
import type { FaultyField, ProblemCode } from './problem.ts'

export type ErrorBody = { code: ProblemCode; message: string; fields?: readonly FaultyField[] }

/** A whole number in a query string: digits alone, where Number() would take "", "1e1" and "0x5" as well. */
const count = (min: number, max: number) =>
  z
    .string('应为整数')
    .regex(/^\d{1,7}$/, '应为整数')
    .transform(Number)
    .pipe(z.int().min(min, `不能小于 ${min}`).max(max, `不能大于 ${max}`))
export const pageQuery = { limit: count(1, 200).default(50), offset: count(0, 1_000_000).default(0) }

/** After so many of them, which are known. */
export const earlierQuery = z.strictObject({ offset: pageQuery.offset })

export const idParams = z.strictObject({ id: uuid })
export const entryParams = z.strictObject({ id: entryId })
export const noQuery = z.strictObject({})
export const noBody = z.strictObject({}).optional()

export const newEntrySchema = z.strictObject({ id: entryId.optional(), wording: wordingSchema })
export const newRevisionSchema = z.strictObject({ wording: wordingSchema })
export const revisionMove = z.enum(['submit', 'approve', 'publish', 'withdraw'])
export const revisionMoveParams = z.strictObject({ id: uuid, move: revisionMove })

export const entriesFilter = {
  q: text(80).optional(),
  state: z.enum(revisionStates).optional(),
  topic: text(40).optional(),
  region: cityCode.optional(),
  /** Shipped text that nobody of the bureau has approved yet. */
  example: z.enum(['1']).optional(),
  /** What is published runs out within so many days, and nothing follows it. */
  ending: z.enum(['1', '7', '30']).optional(),
}
export const entriesQuery = z.strictObject({ ...entriesFilter, ...pageQuery })
export const searchQuery = z.strictObject({
  question: text(500),
  /** What the same citizen said just before, oldest first: "那要什么材料" is about that. */
  earlier: z
    .union([text(500), z.array(text(500)).max(2, '最多 2 句')])
    .transform((said) => [said].flat())
    .optional(),
  region: cityCode.optional(),
  insurance: insuranceSchema.optional(),
})
export const dueQuery = z.strictObject({
  from: day,
  days: count(0, 250),
  city: cityNameOrCode.optional(),
})

export type SessionView = {
  name: string
  displayName: string
  workNumber: string
  roles: readonly Role[]
  /** Offices that nobody holds, which a system administrator stands in for. */
  standsIn: readonly Office[]
  /** Signed in, and kept to enrolling a second factor until that is done. */
  mustEnrol: boolean
  /** Holds an office, and somebody of another one has yet to confirm the account. */
  isUnconfirmed: boolean
  /** After which they are signed out, unless they do something before. */
  idleLeftSeconds: number
  csrf: string
}
export type StaffView = {
  id: string
  name: string
  displayName: string
  workNumber: string
  roles: readonly Role[]
  /** Their desk phone. */
  extension?: string
  createdAt: string
  ready: boolean
  disabled: boolean
  /** Too many wrong passwords; over when it is past. */
  lockedUntil?: string
  /** Whether a second factor is enrolled. */
  totp: boolean
  /** Cases (整改单) that are theirs and not over. */
  openCases: number
  /** Holds an office, and somebody of another one has yet to confirm the account. */
  isUnconfirmed: boolean
}
/** A new colleague, with the link by which they choose their password: shown this once. */
export type MadeStaff = StaffView & { link?: SetUpLink }

/** One line of the editors' list. */
export type EntryRow = {
  id: string
  revisionId: string
  /** Shipped, and approved by nobody here yet. */
  example: boolean
  question: string
  topic: string
  region?: string
  state: Revision['state']
  origin: Revision['origin']
  number: number
  validFrom: string
  validUntil?: string
  updatedAt: string
  /** Days until what is published runs out with nothing to follow; absent when there are more than 30. */
  endsInDays?: number
}
export type EntryView = { id: string; revisions: Revision[] }
export type SearchHit = {
  entryId: string
  revisionId: string
  question: string
  text: string
  score: number
  sources: Revision['wording']['sources']
  /** Whose it is; absent where it is for both. */
  insurance?: Insurance
  /** Whose city's; absent where it is the country's. */
  region?: string
  validFrom: string
  validUntil?: string
  /** It has a 一次性告知 card that can be sent. */
  hasGuide: boolean
}

/** What the panel needs before the first word. */
export type WidgetSettings = {
  bureau: string
  cities: { code: string; name: string }[]
  city?: string
  greeting: string
  notice: string
  hotQuestions: string[]
  /** Names and reasons of the five levels, so that the panel carries no copy of them. */
  levelNames: Record<Level, string>
  ratingReasons: Record<Level, readonly string[]>
  /** Whether there is an official account to go on in. */
  wechat?: boolean
}
