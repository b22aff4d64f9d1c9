/** The outbox in words: where a message stands, what went wrong, and whose way out it took. */
import { outboxKindNames, type OutboxState } from '../../contract/outbox.ts'

export const outboxStateNames: Record<OutboxState, string> = {
  waiting: '待发送',
  sending: '发送中',
  delivered: '已发出',
  dead: '没发出',
  opted_out: '已退订，未发',
  cancelled: '已取消',
}
export const outboxStateTones: Record<OutboxState, 'plain' | 'brand' | 'good' | 'danger' | 'accent'> = {
  waiting: 'plain',
  sending: 'brand',
  delivered: 'good',
  dead: 'danger',
  opted_out: 'accent',
  cancelled: 'plain',
}
export const kindWords = (kind: string): string => outboxKindNames[kind] ?? kind

/** Kept as "how it ended: what the service said". */
const endings = new Map([
  ['refused', '对方拒收'],
  ['failed', '没有送到'],
  ['unknown', '没有回音，可能已送到'],
])
export function errorWords(lastError: string): string {
  const [how = '', ...why] = lastError.split(': ')
  const told = why.join(': ').replace(/^status (\d+)$/, '应答码 $1')
  return `${endings.get(how) ?? how}（${told}）`
}

/** What is not set up, and so only written down. */
export const notSetUp = {
  sms: '没有接短信平台（SMS_WEBHOOK_URL）：短信只写进日志，没有真正发出。',
  email: '没有接邮件服务器（SMTP_URL）：邮件只写进日志，没有真正发出。',
} as const
