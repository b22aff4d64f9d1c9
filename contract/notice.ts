/** Proactive notices (主动通知): three kinds, their templates, and the tables by which they are sent. */
import { z } from 'zod'
import type { OutboxState } from './outbox.ts'
import { text } from './text.ts'

export const noticeKinds = ['chronic_review', 'reimbursement', 'payment_due'] as const
export type NoticeKind = (typeof noticeKinds)[number]
export const noticeKindNames: Record<NoticeKind, string> = {
  chronic_review: '慢特病审核',
  reimbursement: '零星报销进度',
  payment_due: '缴费提醒',
}
/** What a template may name, and so what a table may bring: a column each. */
export const noticeVariables: Record<NoticeKind, readonly string[]> = {
  chronic_review: ['称呼', '申请日期', '进度', '办理地点'],
  reimbursement: ['称呼', '受理日期', '进度', '金额'],
  payment_due: ['称呼', '年度', '截止日期', '金额'],
}
export const phoneColumn = '手机号'

export const noticeKind = z.enum(noticeKinds, '没有这种通知')
export const templateSchema = z.strictObject({ kind: noticeKind, text: text(300) })
export const noticeSheetQuery = z.strictObject({ kind: noticeKind })
export const noticeUploadQuery = z.strictObject({ kind: noticeKind, check: z.enum(['1']).optional() })

export type TemplateView = {
  kind: NoticeKind
  text: string
  variables: readonly string[]
  changedAt: string
  by?: string
}
/** Rows by what becomes of them; `repeated`: the same words went to the same number before. */
export type NoticeCounts = { fresh: number; repeated: number; optedOut: number }
export type NoticeView = NoticeCounts & {
  /** Only looked at: nothing goes out. */
  checked: boolean
  /** This very file was taken before; nothing goes out again. */
  known: boolean
  /** The first few as they would be read, numbers masked. */
  samples: { to: string; text: string }[]
  /** None goes out before; absent when they go at once. */
  heldUntil?: string
}
export type NoticeBatch = {
  id: string
  kind: NoticeKind
  by: string
  at: string
  total: number
  repeated: number
  /** Rows that are yet to be put into the outbox. */
  pending: number
  /** By their messages; cancelled ones with the rows that never became messages. */
  counts: Record<OutboxState, number>
  /** Who stopped what waited, and when. */
  cancelled?: { by: string; at: string }
}
