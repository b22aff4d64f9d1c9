/**
 * Work orders (工单) that the city's 12345 hotline passes on, and what is given back for each. docs/work-orders.md is
 * this file for the other side; a change here is a change there.
 */
import { z } from 'zod'
import type { CaseState, FollowUpResult } from './case.ts'
import { pageQuery } from './http.ts'
import { cityCode, day, phoneNumber, text } from './text.ts'

export const workOrderTypes = ['consultation', 'help', 'complaint', 'report', 'suggestion'] as const
export type WorkOrderType = (typeof workOrderTypes)[number]
export const workOrderTypeNames: Record<WorkOrderType, string> = {
  consultation: '咨询',
  help: '求助',
  complaint: '投诉',
  report: '举报',
  suggestion: '建议',
}

export const workOrderNumber = z.string().regex(/^[A-Za-z0-9_-]{4,40}$/, '工单编号为 4 到 40 位字母、数字或横线')

export const workOrderSchema = z.strictObject({
  number: workOrderNumber,
  type: z.enum(workOrderTypes, `只能是 ${workOrderTypes.join('、')}`),
  urgent: z.boolean('应为 true 或 false').optional(),
  title: text(200),
  text: text(4_000),
  city: cityCode.optional(),
  person: text(40).optional(),
  phone: phoneNumber.optional(),
  /** When 12345 took it, with its offset from UTC. */
  receivedAt: z.iso.datetime({ offset: true, error: '时间应写成 2026-11-22T10:00:00+08:00' }),
  /** By when 12345 wants the answer; the earlier of theirs and ours holds. */
  dueOn: day.optional(),
})
export type WorkOrder = z.infer<typeof workOrderSchema>

/** What 12345 says of an order that was passed on before: another deadline, an urge, that it is withdrawn. */
export const workOrderChangeKinds = ['deadline', 'urge', 'withdraw'] as const
export type WorkOrderChangeKind = (typeof workOrderChangeKinds)[number]
export const workOrderChangeNames: Record<WorkOrderChangeKind, string> = {
  deadline: '更改期限',
  urge: '催办',
  withdraw: '撤回',
}
export const workOrderChangeSchema = z
  .strictObject({
    number: workOrderNumber,
    change: z.enum(workOrderChangeKinds, `只能是 ${workOrderChangeKinds.join('、')}`),
    /** When 12345 said so: with the number and the kind, what makes the same one twice one. */
    at: z.iso.datetime({ offset: true, error: '时间应写成 2026-11-22T10:00:00+08:00' }),
    dueOn: day.optional(),
    note: text(500).optional(),
  })
  .refine(({ change, dueOn }) => change !== 'deadline' || dueOn !== undefined, {
    path: ['dueOn'],
    message: '更改期限要写新的期限',
  })
export type WorkOrderChange = z.infer<typeof workOrderChangeSchema>

export const workOrdersSchema = z
  .strictObject({
    orders: z.array(workOrderSchema).max(200, '一次最多 200 张').optional(),
    changes: z.array(workOrderChangeSchema).max(200, '一次最多 200 条').optional(),
  })
  .refine(({ orders = [], changes = [] }) => orders.length + changes.length > 0, {
    path: ['orders'],
    message: '至少一张工单',
  })
/** What comes in at once, all or none. */
export type GivenOrders = { orders?: readonly WorkOrder[]; changes?: readonly WorkOrderChange[] }
export const workOrdersTableQuery = z.strictObject({ check: z.enum(['1']).optional() })
export const workOrdersQuery = z.strictObject({
  /** What 12345 still waits for: over and done here, and not given back yet. */
  stage: z.enum(['handling', 'to_give_back', 'given_back'], '没有这个阶段').optional(),
  ...pageQuery,
})
export const workOrderResultsQuery = z.strictObject({
  format: z.enum(['json', 'xlsx', 'csv']).default('json'),
  /** All of them; else those that are still to be given back. */
  all: z.enum(['1']).optional(),
})
export const workOrdersGivenSchema = z.strictObject({
  numbers: z.array(workOrderNumber).min(1, '至少选一张').max(2_000, '一次最多 2000 张'),
})

export type TakenOrder = {
  number: string
  caseId: string
  caseNumber: string
  dueOn: string
  provisional: boolean
  /** It was taken in before. */
  known: boolean
  /** It was, with another deadline, which is followed now. */
  changed: boolean
}
/** `over`: the case was done with before it came. */
export type TakenChange = {
  number: string
  change: WorkOrderChangeKind
  caseNumber: string
  dueOn: string
  outcome: 'followed' | 'known' | 'over'
}
/** `changed`: what was followed, of changes and of orders that came again with another deadline. */
export type TakenView = {
  taken: number
  known: number
  changed: number
  checked: boolean
  orders: TakenOrder[]
  changes: TakenChange[]
}

export type WorkOrderRow = {
  number: string
  caseId: string
  caseNumber: string
  type: WorkOrderType
  urgent: boolean
  text: string
  state: CaseState
  dueOn: string
  overdue: boolean
  takenAt: string
  givenBackAt?: string
}

/** What 12345 gets back. */
export type WorkOrderResult = {
  number: string
  caseNumber: string
  outcome: 'handling' | 'closed' | 'returned'
  dueOn: string
  contactedAt?: string
  remedy?: string
  evidence?: string
  followUp?: FollowUpResult
  finishedAt?: string
  /** Why it is not ours to handle; with `returned`. */
  returnReason?: string
}
