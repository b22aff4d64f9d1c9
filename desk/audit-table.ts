/**
 * The audit log as rows of a table, in the words of its page; an id stands whole beside what it means. What somebody wrote as
 * a reason is masked once more on its way out.
 */
import { auditActWords } from '../contract/audit.ts'
import { detailWords, subjectWords } from '../contract/audit-words.ts'
import type { AuditRow } from './audit.store.ts'
import { maskText } from './masking.ts'

const headings = ['序号', '时间', '何人', '从哪里', '操作', '对象', '对象编号', '详情'] as const
const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' })

/** @param names words for the ids that the rows name. */
export function auditTable(rows: readonly AuditRow[], names: Readonly<Record<string, string>>): string[][] {
  const body = rows.map(({ id, at, by, act, subject, detail, address }) => [
    ...[String(id), clock.format(new Date(at)), by ?? '系统', address ?? '', auditActWords(act)],
    ...[maskText(subjectWords(subject, names)), maskText(subject), maskText(detailWords(detail, names))],
  ])
  return [[...headings], ...body]
}
