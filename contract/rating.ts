/** 好差评: five levels; the last two are a 差评. Each level has its own list of reasons, versioned. */
import { z } from 'zod'
import { phoneNumber, text, uuid } from './text.ts'

export const levelSchema = z.union(
  [z.literal(5), z.literal(4), z.literal(3), z.literal(2), z.literal(1)],
  '评价应为 1 到 5',
)
export type Level = z.infer<typeof levelSchema>

export const levelNames: Record<Level, string> = {
  5: '非常满意',
  4: '满意',
  3: '基本满意',
  2: '不满意',
  1: '非常不满意',
}

/** As shipped, version 1; what supervisors made of it since stands in the table reason_list. */
export const reasonsByLevel: Record<Level, readonly string[]> = {
  5: ['答复准确', '态度热情', '回应及时', '讲得明白', '一次说清'],
  4: ['答复准确', '态度较好', '回应较快', '讲得明白'],
  3: ['基本解决', '等候稍久', '讲得不够细'],
  2: ['没有解决问题', '答非所问', '等候太久', '态度不好', '没有一次说清', '推诿'],
  1: ['没有解决问题', '答复错误', '等候太久', '态度恶劣', '推诿扯皮', '多次往返'],
}

export const isBad = (level: Level) => level <= 2

const reason = text(20)
export const mostReasons = 8
/** Whether the reasons are this level's is asked of the lists that are in force: desk/reasons.ts. */
export const giveRatingSchema = z.strictObject({
  token: z.string().regex(/^[A-Za-z0-9_-]{43,96}$/, '评价凭证不对'),
  level: levelSchema,
  reasons: z.array(reason).max(mostReasons, `最多选 ${mostReasons} 项`).default([]),
  words: text(500).optional(),
})
export type GivenRating = z.infer<typeof giveRatingSchema>
/** What whoever rates at a window may add: whom they mean, and where they can be told what became of it. */
export const windowRatingSchema = z.object({
  clerk: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9]{1,12}$/, '工号为 1 到 12 位字母或数字，不记得可以不填')
    .optional(),
  phone: phoneNumber.optional(),
})
export type WindowRating = z.infer<typeof windowRatingSchema>
export const ratingAbout = z.enum(['bot', 'agent', 'case'])
export const askedRatingSchema = z.object({
  ratingId: uuid,
  token: z.string(),
  about: ratingAbout,
  agentNumber: z.string().optional(),
  /** No card asks for it; it waits for a citizen who looks for it. */
  quiet: z.boolean().optional(),
})
export type AskedRating = z.infer<typeof askedRatingSchema>

/** All five at once: a new version. */
const list = z.array(reason).min(1, '至少写一条理由').max(mostReasons, `最多 ${mostReasons} 条`)
export const reasonListsSchema = z.strictObject({ 5: list, 4: list, 3: list, 2: list, 1: list })
export type ReasonLists = Record<Level, readonly string[]>
export type ReasonVersion = { version: number; madeAt: string; by?: string; lists: ReasonLists }
export type ReasonsView = { versions: ReasonVersion[] }

/** A window (窗口) with a QR code on its desk. The code is printed, so it never changes. */
export type RatingWindow = { id: string; code: string; name: string; isOpen: boolean }
export const newWindowSchema = z.strictObject({ name: text(30) })
export const windowOpenSchema = z.strictObject({ isOpen: z.boolean('应为 true 或 false') })
export const windowCode = uuid

/** What a provincial 好差评 system is given; docs/ratings-export.md says what each field means. */
export const exportFormat = 'budayang-ratings-1'
export type RatingsExport = {
  format: typeof exportFormat
  bureau: string
  from: string
  to: string
  madeAt: string
  count: number
  ratings: {
    id: string
    day: string
    channel: string
    object: { kind: string; number?: string; window?: string }
    level: Level
    levelName: string
    reasons: { code: string; text: string }[]
    words?: string
    rectification?: { number: string; state: string }
  }[]
}
