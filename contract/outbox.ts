/** 发件箱: what leaves the house (短信, e-mail, WeChat), and who does not want to be written to unasked. */
import { z } from 'zod'
import { pageQuery } from './http.ts'
import { day, text, uuid } from './text.ts'

export const outboxChannels = ['sms', 'email', 'wechat'] as const
export type OutboxChannel = (typeof outboxChannels)[number]
export const outboxChannelNames: Record<OutboxChannel, string> = { sms: '短信', email: '邮件', wechat: '微信' }

/**
 * `waiting` for its time, `sending`: a try has begun and its end is not known yet, `delivered`: the service has taken it,
 * `dead`: nobody tries any more, `opted_out`: unasked for, and the receiver does not want such messages, `cancelled`: a
 * colleague stopped it while it waited.
 */
export const outboxStates = ['waiting', 'sending', 'delivered', 'dead', 'opted_out', 'cancelled'] as const
export type OutboxState = (typeof outboxStates)[number]

/** What a message may be about; a kind without a name is shown as it is kept. */
export const outboxKindNames: Readonly<Record<string, string>> = {
  gap_answer: '问题有了答复',
  case_notice: '整改进展',
  callback_notice: '回电通知',
  wechat_invitation: '微信续接链接',
  duty: '值班通知',
  staff_alert: '工作提醒',
  verify_code: '身份验证码',
  rating_link: '评价链接',
  guide_card: '办事告知单',
  'notice.chronic_review': '慢特病审核',
  'notice.reimbursement': '零星报销进度',
  'notice.payment_due': '缴费提醒',
}

/** Where a short message can go: written without anything between its digits. */
export const isMobile = (number: string) => /^1[3-9]\d{9}$/.test(number)

const digitsAlone = z.string('请填写手机号').transform((raw) => raw.replace(/[\s-]/g, ''))
const notMobile = '请填写 11 位手机号'
export const mobileNumber = digitsAlone.pipe(z.string().refine(isMobile, notMobile))
/** Empty: none. */
export const mobileOrNone = digitsAlone.pipe(
  z.string().refine((number) => number === '' || isMobile(number), notMobile),
)

const narrowed = {
  channel: z.enum(outboxChannels).optional(),
  kind: z
    .string()
    .regex(/^[a-z_.]{1,40}$/, '没有这种消息')
    .optional(),
  batch: uuid.optional(),
  /** Of its putting in. */
  day: day.optional(),
  /** A number as lists show it, or its last four digits: a whole one would stand in addresses and logs. */
  to: z
    .string()
    .regex(/^(\d{3}\*{4})?\d{4}$/, '请填写手机号后四位')
    .optional(),
}
export const outboxQuery = z.strictObject({ state: z.enum(outboxStates).optional(), ...narrowed, ...pageQuery })
/** All that did not go out and is narrowed down to this goes again. */
export const outboxAgainSchema = z.strictObject({ state: z.enum(['dead', 'opted_out']), ...narrowed })
export type OutboxNarrowed = Omit<z.infer<typeof outboxQuery>, 'limit' | 'offset'>
export const optOutSchema = z.strictObject({ phone: mobileNumber })
/** What a citizen answered to a message; signed by the service that passes it on. */
export const smsReplySchema = z.strictObject({ from: mobileNumber, text: text(500) })

export type OutboxRow = {
  id: string
  channel: OutboxChannel
  kind: string
  proactive: boolean
  /** Masked, as the text is. */
  to: string
  text: string
  state: OutboxState
  tries: number
  queuedAt: string
  nextTryAt?: string
  lastError?: string
  deliveredAt?: string
  /** Whoever took it: "log" means that it was written down and went nowhere. */
  driver?: string
}
export type OutboxView = {
  messages: OutboxRow[]
  total: number
  counts: Record<OutboxState, number>
  drivers: Record<OutboxChannel, string>
  /** "21:00-08:00", or absent when nothing is held back at night. */
  quietHours?: string
}
export type OptOutRow = { id: string; phone: string; at: string; by?: string }
