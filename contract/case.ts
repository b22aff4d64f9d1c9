/** 整改: what travels between the case file and whoever shows it. The rules stand in desk/case.ts. */
import { z } from 'zod'
import { pageQuery } from './http.ts'
import type { Level } from './rating.ts'
import { cityCode, day, storable, notStorable, text, uuid } from './text.ts'

export const caseKinds = ['complaint', 'bad_rating', 'consultation', 'emergency'] as const
export type CaseKind = (typeof caseKinds)[number]
export const caseKindNames: Record<CaseKind, string> = {
  complaint: '投诉',
  bad_rating: '差评',
  consultation: '咨询',
  emergency: '紧急',
}

/** Raised here, or passed on as a work order by the city's 12345 hotline. */
export const caseSources = ['own', '12345'] as const
export type CaseSource = (typeof caseSources)[number]

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
  'returned', // 退回 12345：不属本单位办理
] as const
export type CaseState = (typeof caseStates)[number]

/** Nobody works on it any more. */
export function isFinal(state: CaseState): boolean {
  return state === 'closed' || state === 'excluded' || state === 'returned'
}

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
  returned: '已退回',
}

/** The ladder: before a deadline, the day after it, and days beyond it. The later in the list, the graver. */
export const caseRungs = ['remind', 'supervise', 'report'] as const
export type CaseRung = (typeof caseRungs)[number]
export const caseRungNames: Record<CaseRung, string> = { remind: '催办', supervise: '督办', report: '通报' }

export const followUpResults = ['satisfied', 'dissatisfied', 'unreachable'] as const
export type FollowUpResult = (typeof followUpResults)[number]
export const followUpNames: Record<FollowUpResult, string> = {
  satisfied: '满意',
  dissatisfied: '仍不满意',
  unreachable: '没有联系上',
}
const followUpResult = z.enum(followUpResults, '回访结果只能是 satisfied、dissatisfied、unreachable')

export const appealGrounds = ['misjudged', 'malicious'] as const
export type AppealGround = (typeof appealGrounds)[number]
export const appealGroundNames: Record<AppealGround, string> = { misjudged: '误评', malicious: '恶意评价' }

/** One move of a case by an officer. What each move needs is ruled by desk/case.ts, which names the missing field. */
export const caseMoveSchema = z.strictObject({
  to: z.enum(caseStates, '没有这个状态'),
  note: text(2_000),
  /** What was put right; told to the citizen word for word. Needed for to_review. */
  remedy: text(2_000).optional(),
  /** What proves it: a document's number, a picture's place. Needed for to_review. */
  evidence: text(2_000).optional(),
  /** Result of the call-back (回访). Needed for followed_up. */
  followUp: followUpResult.optional(),
  /** Why a rating should not count; for appeal. */
  ground: z.enum(appealGrounds, '申诉理由只能是 misjudged、malicious').optional(),
})
export type CaseMove = z.infer<typeof caseMoveSchema>

/** More time, in the days that the case is counted in. The reason is told to the citizen. */
export const caseExtensionSchema = z.strictObject({
  days: z.int('应为整数').min(1, '至少 1 天').max(250, '天数太多'),
  reason: text(500),
})
export type CaseExtension = z.infer<typeof caseExtensionSchema>

/** One call back (回访). `nextOn`: when to try again, where nobody was reached. */
export const followUpSchema = z.strictObject({ result: followUpResult, note: text(2_000), nextOn: day.optional() })
export type FollowUp = z.infer<typeof followUpSchema>

/** 改派: another owner. The reason stands in the course of the case. */
export const caseOwnerSchema = z.strictObject({ ownerId: uuid, reason: text(500) })
export type CaseOwnerChange = z.infer<typeof caseOwnerSchema>
/** `case`: who may be given this very case. */
export const caseOwnersQuery = z.strictObject({ case: uuid.optional() })
/** Somebody who works cases, and how many are theirs now. */
export type CaseOwner = { id: string; name: string; open: number }

const casesFilter = {
  state: z.enum(caseStates).optional(),
  kind: z.enum(caseKinds).optional(),
  source: z.enum(caseSources).optional(),
  rung: z.enum(caseRungs).optional(),
  /** `mine`: owned or supervised; `none`: of an owner who may not work it any more. */
  owner: z.union([z.enum(['mine', 'none']), uuid], '没有这位负责人').optional(),
  city: cityCode.optional(),
  /** Opened on or between these days. */
  from: day.optional(),
  until: day.optional(),
  /** Words of the matter, or a number of ours or of 12345. */
  words: z.string().trim().min(1, '请输入要找的字').max(60, '最多 60 个字').refine(storable, notStorable).optional(),
  overdue: z.enum(['1']).optional(),
}
export const casesQuery = z.strictObject({ ...casesFilter, ...pageQuery })
export const casesTableQuery = z.strictObject({ format: z.enum(['xlsx', 'csv']).default('xlsx'), ...casesFilter })
export const followUpsQuery = z.strictObject({ mine: z.enum(['1']).optional(), ...pageQuery })

export type CaseRow = {
  id: string
  number: string
  kind: CaseKind
  source: CaseSource
  state: CaseState
  text: string
  city?: string
  owner: string
  /** Whoever owns it is disabled, or works no cases any more. */
  isUnowned: boolean
  /** Who sees to it that a late or reopened case moves (督办). */
  supervisor?: string
  openedAt: string
  firstContactDueOn: string
  dueOn: string
  /** The deadline falls into a year whose holiday notice is not out. */
  provisional: boolean
  overdue: boolean
  rung?: CaseRung
  reopened: number
  extended: number
}
/** How many open cases stand where; of the whole desk, whatever the list is filtered by. */
export type CaseCounts = Record<'open' | 'overdue' | CaseRung | 'toFollowUp', number>

export type CaseEventView = {
  seq: number
  at: string
  by: string
  kind: string
  from?: CaseState
  to: CaseState
  note: string
  remedy?: string
  evidence?: string
  followUp?: string
  level?: Level
  dueOn?: string
  rung?: CaseRung
  ground?: AppealGround
  /** With `given`: whose it was, and whose it is. */
  ownerFrom?: string
  ownerTo?: string
}
export type CaseView = CaseRow & {
  /** 首问: who took the conversation first. */
  firstAskedNumber?: string
  /** Absent for a work order: nobody of ours has talked with that citizen. */
  conversationId?: string
  /** The number of the work order that was passed on. */
  orderNumber?: string
  /** Masked. */
  contact?: string
  /** Their name came with the work order, and can be asked for as the number can. */
  hasPerson: boolean
  level?: Level
  reasons?: string[]
  events: CaseEventView[]
  moves: CaseState[]
  /** How many days more can be asked for; 0 when none. */
  extensionDays: number
  followUps: { done: number; needed: number }
}

/** A case whose fix was told to the citizen, and who is now to be asked. */
export type FollowUpRow = {
  id: string
  number: string
  kind: CaseKind
  text: string
  owner: string
  /** Masked; absent where the citizen left none, and is asked in the conversation alone. */
  contact?: string
  reportedBackAt: string
  dueOn: string
  overdue: boolean
  done: number
  needed: number
  lastTriedAt?: string
  nextOn?: string
}
/** Of the last `days` days: bad ratings of citizens who can be rung, and those of them who were asked. */
export type FollowUpRate = { days: number; owed: number; asked: number }
