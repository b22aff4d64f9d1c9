/** Entries that come and go as tables; tables of questions that are tried out; many revisions judged at once. */
import { z } from 'zod'
import { entriesFilter, revisionMove } from './http.ts'
import { uuid } from './text.ts'

export const importQuery = z.strictObject({ check: z.enum(['1']).optional() })
export const exportQuery = z.strictObject({ format: z.enum(['xlsx', 'csv']).default('xlsx'), ...entriesFilter })

/** Entries by what the table did to them. */
export type ImportCounts = { added: number; changed: number; unchanged: number }
export type ImportView = ImportCounts & {
  /** Only looked at: nothing was kept. */
  checked: boolean
}

export const bulkSchema = z.strictObject({
  move: revisionMove,
  revisions: z.array(uuid).min(1, '至少选一条').max(200, '一次最多 200 条'),
})
/** Each on its own: one that is refused keeps none of the others back. */
export type BulkView = { done: number; refused: { id: string; question: string; message: string }[] }
