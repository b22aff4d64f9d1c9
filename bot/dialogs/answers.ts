/** Reading short answers inside a dialog: yes, no, a telephone number, a level. Pure. */
import { levelNames, levelSchema, type Level } from '../../contract/rating.ts'
import { phoneNumber } from '../../contract/text.ts'

const plain = (text: string) => text.normalize('NFKC').replace(/[\s\p{P}\p{S}]+/gu, '')

export const saysYes = (text: string) =>
  /^(是的?|对的?|好的?|嗯+|可以|行|确认(提交)?|提交|同意|没错|要)$/.test(plain(text))
export const saysNo = (text: string) => /^(不是?|不对|不要|不用了?|不行|取消|否|算了|不提交|不了)$/.test(plain(text))
export const declinesContact = (text: string) =>
  /^(不留(电话)?|不用了?|不方便|不想留|没有|无|跳过|不要)$/.test(plain(text))

/** A number as people write it: blanks, dashes, full-width digits, "+86", "我的电话是…". Undefined when there is none. */
export function phoneIn(text: string): string | undefined {
  const digits = /(?:\+?86)?[\s-]*((?:1[3-9]|0\d)[\d\s-]{8,14})(?!\d)/.exec(text.normalize('NFKC'))?.[1]
  const parsed = phoneNumber.safeParse(digits ?? '')
  return parsed.success ? parsed.data : undefined
}

/** "5", "5分", "非常满意". */
export function levelIn(text: string): Level | undefined {
  const said = plain(text)
  const byName = Object.entries(levelNames).find(([, name]) => name === said)?.[0]
  const parsed = levelSchema.safeParse(Number(byName ?? /^([1-5])分?$/.exec(said)?.[1]))
  return parsed.success ? parsed.data : undefined
}
