/**
 * Proactive notices as tables bring them: a template with named places, and rows that fill them. Pure.
 *
 * Invariant: what a citizen reads is the template with every place filled and nothing else; a row that leaves one open, or
 * names a number that cannot get a short message, is a fault with its place in the table.
 */
import { mobileNumber } from '../contract/outbox.ts'
import { noticeVariables, phoneColumn, type NoticeKind } from '../contract/notice.ts'

export type NoticeRow = { phone: string; text: string }
export type NoticeFault = { row: number; column: string; message: string }
type Rows = readonly { number: number; cells: readonly string[] }[]

const place = /\{([^{}]*)\}/g
const longestValue = 60
/** Three short messages put together, as the carriers count them. */
const longestText = 200
const waysOut = '回复TD退订'

/** What is wrong with a template, in Chinese; nothing when it can be used. */
export function templateFault(kind: NoticeKind, text: string): string | undefined {
  const known = noticeVariables[kind]
  const named = placesOf(text)
  const strange = named.find((name) => !known.includes(name))
  if (strange !== undefined)
    return `没有“{${strange}}”这个变量，可用的有：${known.map((name) => `{${name}}`).join('、')}`
  if (/[{}]/.test(text.replace(place, ''))) return '大括号没有成对'
  if (named.length === 0) return '至少用一个变量，收到的人才知道说的是自己的事'
  return undefined
}

/** With the way out that every unasked-for message carries. */
export function rendered(text: string, values: ReadonlyMap<string, string>): string {
  return `${text.replace(place, (_, name: string) => values.get(name) ?? '')}${waysOut}`
}

/** The first row names the columns; their order is free, and what the template does not use may be there or not. */
export function noticeRows(
  kind: NoticeKind,
  template: string,
  [head, ...rows]: Rows,
): { rows: NoticeRow[]; faults: NoticeFault[] } {
  const columns = (head?.cells ?? []).map((cell) => cell.trim())
  const needed = [phoneColumn, ...new Set(placesOf(template))]
  const at = head?.number ?? 1
  const missing = needed.filter((name) => !columns.includes(name))
  if (missing.length > 0)
    return { rows: [], faults: missing.map((column) => ({ row: at, column, message: '表头没有这一列' })) }
  const twice = columns.find((name, i) => name !== '' && columns.indexOf(name) !== i)
  if (twice) return { rows: [], faults: [{ row: at, column: twice, message: '表头里这一列写了两次' }] }
  const strange = columns.find((name) => name !== '' && name !== phoneColumn && !noticeVariables[kind].includes(name))
  if (strange !== undefined) return { rows: [], faults: [{ row: at, column: strange, message: '这种通知没有这一列' }] }
  if (rows.length === 0) return { rows: [], faults: [{ row: at, column: '', message: '表头下面没有内容' }] }

  const read = rows.map(({ number, cells }) => rowOf(template, needed, columns, number, cells))
  return { rows: read.flatMap(({ row }) => row ?? []), faults: read.flatMap(({ faults }) => faults) }
}

function rowOf(
  template: string,
  needed: readonly string[],
  columns: readonly string[],
  number: number,
  cells: readonly string[],
): { row?: NoticeRow; faults: NoticeFault[] } {
  const values = new Map(columns.map((name, i) => [name, (cells[i] ?? '').trim()]))
  const faults: NoticeFault[] = []
  const phone = mobileNumber.safeParse(values.get(phoneColumn))
  if (!phone.success) faults.push({ row: number, column: phoneColumn, message: '不是 11 位手机号' })
  for (const column of needed.slice(1)) {
    const value = values.get(column) ?? ''
    if (value === '') faults.push({ row: number, column, message: '没有填写' })
    else if (value.length > longestValue) faults.push({ row: number, column, message: `不能超过 ${longestValue} 个字` })
    else if (/[\p{Cc}\p{Cf}]/u.test(value)) faults.push({ row: number, column, message: '含有看不见的字符' })
  }
  const text = rendered(template, values)
  if (faults.length === 0 && text.length > longestText)
    faults.push({ row: number, column: '', message: `整条短信 ${text.length} 个字，不能超过 ${longestText} 个字` })
  return faults.length > 0 || !phone.success ? { faults } : { row: { phone: phone.data, text }, faults }
}

const placesOf = (text: string) => [...text.matchAll(place)].map(([, name = '']) => name)
