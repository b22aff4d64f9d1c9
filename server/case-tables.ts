/** Cases as a table to be taken elsewhere: masked as on the screen, and no cell that a spreadsheet would run. Pure. */
import { caseKindNames, caseRungNames, caseStateNames, type CaseRow } from '../contract/case.ts'
import { writeCsv } from '../knowledge/sheet/csv.ts'
import { safeCell } from '../knowledge/sheet/sheet.ts'
import { writeXlsx } from '../knowledge/sheet/xlsx.ts'
import { wallTime } from './wall-time.ts'

export type TableFormat = 'xlsx' | 'csv'

const columns: readonly { heading: string; width: number; cell: (row: CaseRow) => string }[] = [
  { heading: '编号', width: 18, cell: ({ number }) => number },
  { heading: '来源', width: 8, cell: ({ source }) => (source === '12345' ? '12345' : '本热线') },
  { heading: '类型', width: 8, cell: ({ kind }) => caseKindNames[kind] },
  { heading: '状态', width: 10, cell: ({ state }) => caseStateNames[state] },
  { heading: '内容', width: 60, cell: ({ text }) => text },
  { heading: '地区', width: 10, cell: ({ city = '' }) => city },
  { heading: '负责人', width: 12, cell: ({ owner }) => owner },
  { heading: '督办人', width: 12, cell: ({ supervisor = '' }) => supervisor },
  { heading: '立单时间', width: 18, cell: ({ openedAt }) => wallTime(openedAt) },
  { heading: '首次联系期限', width: 14, cell: ({ firstContactDueOn }) => firstContactDueOn },
  { heading: '办结期限', width: 14, cell: ({ dueOn, provisional }) => dueOn + (provisional ? '（暂定）' : '') },
  { heading: '是否超期', width: 10, cell: ({ overdue }) => (overdue ? '超期' : '') },
  { heading: '督办级别', width: 10, cell: ({ rung }) => (rung ? caseRungNames[rung] : '') },
  { heading: '延期次数', width: 10, cell: ({ extended }) => String(extended) },
  { heading: '重办次数', width: 10, cell: ({ reopened }) => String(reopened) },
]

export function casesTable(rows: readonly CaseRow[], format: TableFormat): Buffer {
  const cells = [
    columns.map(({ heading }) => heading),
    ...rows.map((row) => columns.map(({ cell }) => safeCell(cell(row)))),
  ]
  if (format === 'csv') return writeCsv(cells)
  return writeXlsx([{ name: '整改单', rows: cells, widths: columns.map(({ width }) => width) }])
}
