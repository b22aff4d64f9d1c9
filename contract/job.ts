/** 后台任务: what the server does by itself, and what of it was given up. */
import { z } from 'zod'
import { text, uuid } from './text.ts'

/** A job that has no name here is shown as it is kept. */
export const jobNames: Readonly<Record<string, string>> = {
  'outbox.send': '发送短信、邮件、微信',
  'outbox.strays': '找回没有发出的消息',
  'case.ladder': '看整改单到期没有',
  'case.rung': '催办、督办、通报',
  'case.deadline-moved': '告诉市民期限变了',
  'notice.put': '把通知放进发件箱',
  'caller-numbers.forget': '清除来电号码',
  'audit.anchor': '保存审计校验值',
  'gap.letters': '告诉提问的市民有答案了',
  'report.write': '写周报、月报',
  'alerts.look': '看有没有要提醒的',
  'alerts.bursts': '看有没有突增的热点',
  'alerts.forget': '清除旧提醒',
}

export const jobParams = z.strictObject({ id: uuid })
export const jobAgainSchema = z.strictObject({ name: text(80) })

export type DeadJobRow = {
  id: string
  name: string
  /** What went wrong, numbers masked. */
  cause: string
  /** What it is about: ids alone. */
  about: string
  tries: number
  diedAt: string
}
export type JobQueueRow = { name: string; waiting: number; active: number; later: number; failed: number }
export type JobsView = { dead: DeadJobRow[]; queues: JobQueueRow[] }
