/** Figures, their rows and reports as xlsx: every cell is text that no spreadsheet runs, whoever opens the file. */
import { figures, figureWords, type FigureId, type FigureRow, type SplitView } from '../../contract/figure.ts'
import { reportKindNames, type ReportView } from '../../contract/report.ts'
import { safeCell } from '../../knowledge/sheet/sheet.ts'
import { writeXlsx, type WrittenSheet } from '../../knowledge/sheet/xlsx.ts'

const written = (sheets: readonly WrittenSheet[]): Buffer =>
  writeXlsx(sheets.map((sheet) => ({ ...sheet, rows: sheet.rows.map((cells) => cells.map(safeCell)) })))

const splitNames = {
  day: '按日',
  channel: '按渠道',
  unit: '按受评对象',
  level: '按评价',
  agent: '按坐席',
  window: '按窗口',
  tag: '按小结标签',
}

/** @param heading what was counted, over which days, by which definition. */
export function rowsTable(columns: readonly string[], rows: readonly FigureRow[], heading: readonly string[]): Buffer {
  const isClaim = rows.some((row) => row.counted !== undefined)
  const claim = (row: FigureRow) => (isClaim ? [row.counted ? '是' : '否'] : [])
  return written([
    {
      name: '明细',
      rows: [[...(isClaim ? ['计入'] : []), ...columns], ...rows.map((row) => [...claim(row), ...row.cells])],
      widths: [...(isClaim ? [8] : []), ...columns.map(() => 20)],
    },
    { name: '口径', rows: heading.map((line) => [line]), widths: [90] },
  ])
}

export function reportTable({ kind, from, to, computedAt, bureau, kept }: ReportView): Buffer {
  const head = [
    [`${bureau} ${reportKindNames[kind]}`],
    [`${from} 至 ${to}，生成于 ${computedAt}`],
    [],
    ['类别', '指标', '数值', '分子', '分母', '口径'],
  ]
  const totals = kept.figures.map(({ group, name, unit, value, part, whole, definition }) => [
    group,
    name,
    figureWords(unit, value),
    unit === 'share' ? String(part) : '',
    String(whole),
    definition,
  ])
  return written([
    { name: '指标', rows: [...head, ...totals], widths: [10, 22, 14, 10, 10, 90] },
    ...Object.entries(splitNames).flatMap(([by, name]) => {
      const groups = Object.entries(kept.splits).find(([key]) => key === by)?.[1] ?? []
      return groups.length > 0 ? [{ name, rows: splitRows(groups), widths: [22] }] : []
    }),
  ])
}

function splitRows(groups: readonly SplitView[]): string[][] {
  const ids = [...new Set(groups.flatMap((group) => group.figures.map(({ id }) => id)))]
  const cell = (group: SplitView, id: FigureId) => {
    const view = group.figures.find((one) => one.id === id)
    return view ? figureWords(figures[id].unit, view.value) : ''
  }
  return [
    ['', ...ids.map((id) => figures[id].name)],
    ...groups.map((group) => [group.label, ...ids.map((id) => cell(group, id))]),
  ]
}
