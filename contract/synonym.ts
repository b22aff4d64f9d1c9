/** 同义词: words that citizens use for one and the same thing. */
import { z } from 'zod'
import { text, uuid } from './text.ts'

const words = z
  .array(text(20).min(2, '每个词至少 2 个字'))
  .min(2, '至少写两个词')
  .max(10, '一组最多 10 个词')
  .refine((all) => new Set(all).size === all.length, '同一个词写了两次')

/** Without `id` a new group; without `words` the group is taken away. `override`: why, although questions get worse. */
export const synonymSchema = z
  .strictObject({ id: uuid.optional(), words: words.optional(), override: text(500).optional() })
  .refine(({ id, words: given }) => id !== undefined || given !== undefined, {
    path: ['words'],
    error: '至少写两个词',
  })
export type SynonymChange = z.infer<typeof synonymSchema>

export type SynonymGroup = { id: string; words: string[]; by: string; changedAt: string }
/** What a change does to questions of which it is known what answers them. */
export type SynonymEffect = { looked: number; entries: number; worse: string[]; better: string[] }
