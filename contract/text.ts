/** Fields that every shape shares. Text from people is trimmed, never empty, without NUL or lone surrogates. */
import { z } from 'zod'

// PostgreSQL's text takes neither NUL nor a lone surrogate, so the edge refuses both by name.
export const storable = (text: string) => !text.includes('\u0000') && text.isWellFormed()
export const notStorable = '含有无法保存的字符'

export function text(maxChars: number) {
  return z.string().trim().min(1, '不能为空').max(maxChars, `不能超过 ${maxChars} 个字`).refine(storable, notStorable)
}

export const uuid = z.uuid('编号格式不对')
/** A calendar day in the bureau's zone, YYYY-MM-DD. The database's calendar has no year 0. */
export const day = z.iso
  .date('日期应写成 年-月-日，例如 2026-11-22')
  .refine((given) => given >= '0001', '日期应写成 年-月-日，例如 2026-11-22')
/** A turn's number, or 0 for none yet; the database keeps it in four bytes. */
export const seqNumber = z.int('应为整数').min(0, '不能小于 0').max(2_147_483_647, '数字太大')
/** The same as it stands in an address. */
export const seqInQuery = z
  .string('应为整数')
  .regex(/^\d{1,7}$/, '应为整数')
  .transform(Number)
  .pipe(seqNumber)
/** Made by the client, unique within a conversation: the same one twice is the same turn. */
export const clientId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, '应为 8 到 64 位的字母、数字、横线')
/** How somebody outside names a city; knowledge/cities.ts finds its code. */
export const cityNameOrCode = z
  .string()
  .trim()
  .regex(/^(\d{6}|\p{Script=Han}{2,20})$/u, '请写城市名，或六位行政区划代码')
export const cityCode = z.string().regex(/^\d{6}$/, '应为六位行政区划代码')
/** A mainland mobile or landline number as people write it; blanks and dashes are taken out. */
export const phoneNumber = z
  .string()
  .transform((raw) => raw.replace(/[\s-]/g, ''))
  .pipe(z.string().regex(/^(1[3-9]\d{9}|0\d{9,11})$/, '请填写 11 位手机号，或带区号的座机号'))

export const insuranceSchema = z.enum(['employee', 'resident'], '只能是 employee（职工医保）或 resident（居民医保）')
export type Insurance = z.infer<typeof insuranceSchema>
