/** 提醒: what the system tells members of staff by itself. Each is told once, and stays until they have seen it. */
import { z } from 'zod'
import { pageQuery } from './http.ts'
import { mobileOrNone } from './outbox.ts'

export const alertKinds = [
  'case.opened',
  'case.reopened',
  'case.appealed',
  'case.judged',
  'case.given',
  'case.ordered',
  'case.remind',
  'case.supervise',
  'case.report',
  'burst',
  'outbox.dead',
  'job.dead',
  'queue.late',
  'queue.duty',
  'calls.missed',
  'callback.late',
  'wechat.failing',
  'security.anomaly',
  'audit.anchor',
] as const
export type AlertKind = (typeof alertKinds)[number]
export const alertKindNames: Record<AlertKind, string> = {
  'case.opened': '新整改单',
  'case.reopened': '重新办理',
  'case.appealed': '申诉待复核',
  'case.judged': '申诉复核结果',
  'case.given': '改派',
  'case.ordered': '12345 动态',
  'case.remind': '催办',
  'case.supervise': '督办',
  'case.report': '通报',
  burst: '热点突增',
  'outbox.dead': '消息没有送达',
  'job.dead': '后台任务失败',
  'queue.late': '市民久等',
  'queue.duty': '值班呼叫',
  'calls.missed': '接通率偏低',
  'callback.late': '回电超时',
  'wechat.failing': '微信发不出去',
  'security.anomaly': '异常操作',
  'audit.anchor': '审计校验值',
}

export const alertsQuery = z.strictObject({ unseen: z.enum(['1']).optional(), ...pageQuery })

/** `subject`: the id of the case, "entry:ID", "gap:ID", the conversation; empty where the kind says enough. */
export type AlertView = { id: string; kind: AlertKind; subject: string; text: string; at: string; seenAt?: string }
/** To one person's consoles: how many they have not seen, and the newest of these. */
export type AlertsChanged = { unseen: number; newest?: AlertView }
export type AlertsView = { alerts: AlertView[]; total: number; unseen: number }

/** Empty: nowhere. Absent: as it was. */
export const myContactsSchema = z.strictObject({
  phone: mobileOrNone.optional(),
  email: z
    .string('请填写电子邮箱')
    .trim()
    .max(120, '最多 120 个字')
    .refine((given) => given === '' || z.email().safeParse(given).success, '请填写电子邮箱')
    .optional(),
})
export type MyContacts = z.infer<typeof myContactsSchema>
/** Masked. */
export type MyContactsView = { phone?: string; email?: string }
