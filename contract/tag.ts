/** 小结标签: what a finished conversation is filed under. Supervisors keep the list; a summary keeps the names. */
import { z } from 'zod'
import { text } from './text.ts'

export const mostTags = 10
export const tagName = text(20)
/** What a 小结 of bare words is filed under: every summary has a tag. */
export const catchAllTag = '其他'
export const summaryTags = z
  .array(tagName, '请至少选一个标签')
  .min(1, '请至少选一个标签')
  .max(mostTags, `最多 ${mostTags} 个标签`)

/** One that is used no more is offered no more. */
export const tagSchema = z.strictObject({ name: tagName, isUsed: z.boolean('应为 true 或 false') })
export type SummaryTag = z.infer<typeof tagSchema>
