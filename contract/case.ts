/** 整改: what travels between the case file and whoever shows it. The rules stand in desk/case.ts. */
import { z } from 'zod'
import { text } from './text.ts'

export const caseKinds = ['complaint', 'bad_rating'] as const
export type CaseKind = (typeof caseKinds)[number]

export const caseStates = [
  'to_verify', // 待核实
  'contacted', // 已联系
  'rectifying', // 整改中
  'to_review', // 待复核
  'reported_back', // 已反馈
  'followed_up', // 已回访
  'closed', // 办结
  'appeal', // 申诉复核
  'excluded', // 申诉成立：不计入，记录保留
] as const
export type CaseState = (typeof caseStates)[number]

export const caseStateNames: Record<CaseState, string> = {
  to_verify: '待核实',
  contacted: '已联系',
  rectifying: '整改中',
  to_review: '待复核',
  reported_back: '已反馈',
  followed_up: '已回访',
  closed: '办结',
  appeal: '申诉复核',
  excluded: '申诉成立',
}

export const followUpResults = ['satisfied', 'dissatisfied', 'unreachable'] as const

/** One move of a case by an officer. What each move needs is ruled by desk/case.ts, which names the missing field. */
export const caseMoveSchema = z.strictObject({
  to: z.enum(caseStates, '没有这个状态'),
  note: text(2_000),
  /** What was put right; told to the citizen word for word. Needed for to_review. */
  remedy: text(2_000).optional(),
  /** What proves it: a document's number, a picture's place. Needed for to_review. */
  evidence: text(2_000).optional(),
  /** Result of the call-back (回访). Needed for followed_up. */
  followUp: z.enum(followUpResults, '回访结果只能是 satisfied、dissatisfied、unreachable').optional(),
})
export type CaseMove = z.infer<typeof caseMoveSchema>
