/** 好差评: five levels; the last two are a 差评. Each level has its own list of reasons, versioned. */
import { z } from 'zod'
import { text, uuid } from './text.ts'

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

export const reasonsVersion = 1
export const reasonsByLevel: Record<Level, readonly string[]> = {
  5: ['答复准确', '态度热情', '回应及时', '讲得明白', '一次说清'],
  4: ['答复准确', '态度较好', '回应较快', '讲得明白'],
  3: ['基本解决', '等候稍久', '讲得不够细'],
  2: ['没有解决问题', '答非所问', '等候太久', '态度不好', '没有一次说清', '推诿'],
  1: ['没有解决问题', '答复错误', '等候太久', '态度恶劣', '推诿扯皮', '多次往返'],
}

export const isBad = (level: Level) => level <= 2

export const giveRatingSchema = z
  .strictObject({
    token: z.string().regex(/^[A-Za-z0-9_-]{43,96}$/, '评价凭证不对'),
    level: levelSchema,
    reasons: z.array(text(20)).max(6, '最多选 6 项').default([]),
    words: text(500).optional(),
  })
  .superRefine((given, ctx) => {
    given.reasons.forEach((reason, i) => {
      if (!reasonsByLevel[given.level].includes(reason))
        ctx.addIssue({ code: 'custom', path: ['reasons', i], message: '不是这一档的评价理由' })
    })
  })
export type GivenRating = z.infer<typeof giveRatingSchema>
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
