/**
 * Subscription notices (订阅通知): a few short fields of a template that a citizen agreed to, to call them back when
 * nothing else may be sent. Pure. Source: developers.weixin.qq.com, 订阅通知; each kind of field has its own length.
 */

import type { StepState } from '../contract/wechat.ts'
import { failureOf, remedies } from './api-outcome.ts'
import type { KeptLetter } from './letters.store.ts'

/** `once`: each "accept" is one notice. `long`: the account's field lets one "accept" stand for all of them. */
export type NoticeKind = 'once' | 'long'
/** What may stand in a field. */
export const noticeFacts = ['matter', 'text', 'time', 'bureau'] as const
export type NoticeFact = (typeof noticeFacts)[number]
export type NoticeTemplate = {
  id: string
  kind: NoticeKind
  /** `thing1` and the like, as the platform names them. */
  fields: readonly { name: string; fact: NoticeFact }[]
}
export type Consent = { accepted: number; used: number; refusedAt?: Date }

/** `not_asked` also where all of it is used. */
export function mayNotice(consent: Consent | undefined, kind: NoticeKind): 'ready' | 'declined' | 'not_asked' {
  if (consent?.refusedAt) return 'declined'
  if (!consent || consent.accepted === 0) return 'not_asked'
  return kind === 'long' || consent.accepted > consent.used ? 'ready' : 'not_asked'
}

const mostChars: Readonly<Record<string, number>> = { thing: 20, phrase: 5, character_string: 32, name: 10, const: 20 }
const otherwiseMostChars = 20

const dayAndTime = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
})

/** The body of the call. */
export function noticeBody(
  openId: string,
  { id, fields }: NoticeTemplate,
  facts: { matter: string; text: string; bureau: string; at: Date },
): object {
  const { at, ...words } = facts
  const all: Record<NoticeFact, string> = { ...words, time: dayAndTime.format(at) }
  const data = fields.map(({ name, fact }) => [name, { value: clipped(name, all[fact]) }] as const)
  return { touser: openId, template_id: id, data: Object.fromEntries(data) }
}

/** One line, as long as the field's kind takes it: a longer one is refused as a whole. */
function clipped(name: string, words: string): string {
  const kind = name.replace(/\d+$/, '')
  if (kind === 'time' || kind === 'date') return words
  const most = mostChars[kind] ?? otherwiseMostChars
  const line = [...words.replace(/\s+/g, ' ').trim()]
  return line.length > most ? `${line.slice(0, most - 1).join('')}…` : line.join('')
}

/** "thing1=matter,time2=time". @returns nothing where it is not such a list. */
export function readNoticeFields(list: string): NoticeTemplate['fields'] | undefined {
  const fields = list.split(',').map((pair) => /^\s*([a-z_]{2,30}\d{1,3})=(\w+)\s*$/.exec(pair))
  const read = fields.flatMap((found) => {
    const fact = noticeFacts.find((one) => one === found?.[2])
    return found?.[1] && fact ? [{ name: found[1], fact }] : []
  })
  return read.length === fields.length && new Set(read.map(({ name }) => name)).size === read.length ? read : undefined
}

const told = {
  unset: '没有设置订阅通知的模板：过了 48 小时就没法在公众号里叫回市民。申请到模板后请设置 WECHAT_NOTICE_TEMPLATE_ID',
  unsent: '模板已设置，还没有发过，第一次发出后这里显示结果',
  sent: '最近一条订阅通知已发出',
} as const

/** How far notices are set up, by the last that was sent: that a citizen refuses is no fault. */
export function noticeStep(template: NoticeTemplate | undefined, last: KeptLetter | undefined): StepState {
  if (!template) return { step: 'notice', state: 'open', told: told.unset }
  if (!last) return { step: 'notice', state: 'open', told: told.unsent }
  const { code } = last
  if (code === undefined || failureOf(code) !== 'set-up') return { step: 'notice', state: 'done', told: told.sent }
  return { step: 'notice', state: 'failed', told: `最近一条没有发出，微信返回 ${code}。${remedies[code] ?? ''}` }
}
