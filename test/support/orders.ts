/** A table of work orders as 12345 hands it in; a test names only the columns that it is about. */
import { writeXlsx } from '../../knowledge/sheet/xlsx.ts'

export const headings: readonly string[] = [
  ...['工单编号', '诉求类型', '是否紧急', '诉求标题', '诉求内容', '地区', '姓名', '联系电话', '受理时间', '办理期限'],
]

export function orderTable(orders: readonly Record<string, string>[]): Buffer {
  const rows = orders.map((order) => headings.map((heading) => order[heading] ?? ''))
  return writeXlsx([{ name: '工单', rows: [headings, ...rows] }])
}
