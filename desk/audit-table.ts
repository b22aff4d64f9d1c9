/** The audit log as rows of a table. What somebody wrote as a reason is masked once more on its way out. */
import type { AuditRow } from './audit.store.ts'
import { maskText } from './masking.ts'

const headings = ['序号', '时间', '何人', '操作', '对象', '详情'] as const
const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' })

export function auditTable(rows: readonly AuditRow[]): string[][] {
  const body = rows.map(({ id, at, by, act, subject, detail }) => {
    const told = Object.keys(detail).length > 0 ? JSON.stringify(detail) : ''
    return [String(id), clock.format(new Date(at)), by ?? '系统', act, maskText(subject), maskText(told)]
  })
  return [[...headings], ...body]
}
