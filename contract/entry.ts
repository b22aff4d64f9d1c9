/**
 * What the knowledge base holds: an entry is a question the bureau answers; a revision is one approved wording
 * of it, valid between two days. A revision is never edited, only followed by another.
 */
import { z } from 'zod'
import { cityCode, day, insuranceSchema, notStorable, storable, text, uuid } from './text.ts'

/** Stable, readable, unique in the whole base: "nat-newborn-enrol". */
export const entryId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, '编号只能用小写字母、数字和横线')
  .max(80, '编号不能超过 80 位')

/** Where a statement comes from. A local fact names its document's title and date; a national one its 文号 and 条. */
export const sourceSchema = z.strictObject({
  title: text(200),
  number: text(80).optional(), // 文号
  article: text(80).optional(), // 第几条
  date: day.optional(),
  url: z
    .url({ protocol: /^https?$/, error: '网址应以 http 或 https 开头' })
    .max(500, '网址太长')
    .refine(storable, notStorable)
    .optional(),
})
export type Source = z.infer<typeof sourceSchema>

/** 《标题》（文号）第几条 */
export function sourceWords({ title, number, article }: Source): string {
  const named = title.startsWith('《') ? title : `《${title}》`
  return `${named}${number ? `（${number}）` : ''}${article ?? ''}`
}
export const datedSourceWords = (source: Source) => [sourceWords(source), source.date].filter(Boolean).join(' ')

const lines = z.array(text(300)).max(30, '最多 30 条')

/** 一次性告知: all that somebody needs to get it done, told once and completely. */
export const guideSchema = z.strictObject({
  conditions: lines.optional(),
  materials: lines.optional(),
  steps: lines.optional(),
  timeLimit: text(200).optional(),
  channels: lines.optional(),
  fee: text(200).optional(),
})
export type Guide = z.infer<typeof guideSchema>
export const guideNames: Record<keyof Guide, string> = {
  conditions: '办理条件',
  materials: '所需材料',
  steps: '办理步骤',
  timeLimit: '办理时限',
  channels: '办理渠道',
  fee: '费用',
}

/** What an editor writes. Absent region = the whole country; absent insurance = both. */
export const wordingSchema = z
  .strictObject({
    question: text(80),
    similar: z.array(text(200)).max(60, '最多 60 个相似问'),
    answer: text(3_000),
    spoken: text(120).refine((s) => !/[()（）[\]【】《》]|https?:/.test(s), '口语答案不能有括号、书名号和网址'),
    guide: guideSchema.optional(),
    sources: z.array(sourceSchema).min(1, '至少写一条依据').max(10, '最多 10 条依据'),
    topic: text(40),
    region: cityCode.optional(),
    insurance: insuranceSchema.optional(),
    audience: z.array(text(40)).max(10, '最多 10 项').default([]),
    notToConfuse: z.array(entryId).max(10, '最多 10 项').default([]),
    validFrom: day,
    validUntil: day.optional(),
  })
  .refine((w) => !w.validUntil || w.validFrom <= w.validUntil, { path: ['validUntil'], error: '失效日不能早于生效日' })
export type Wording = z.infer<typeof wordingSchema>

export const revisionStates = ['draft', 'submitted', 'approved', 'published', 'withdrawn', 'superseded'] as const
export type RevisionState = (typeof revisionStates)[number]

export const revisionSchema = z.object({
  id: uuid,
  entryId,
  /** 1, 2, 3 … within the entry. */
  number: z.int().positive(),
  state: z.enum(revisionStates),
  wording: wordingSchema,
  /** 'pack' is shipped example text (随附示例，待本单位审核) until somebody of the bureau approves it. */
  origin: z.enum(['pack', 'console']),
  author: z.string(),
  reviewer: z.string().optional(),
  createdAt: z.iso.datetime(),
  publishedAt: z.iso.datetime().optional(),
})
export type Revision = z.infer<typeof revisionSchema>
