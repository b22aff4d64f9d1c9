/**
 * Work orders as tables: what 12345 hands in, row by row, and what it gets back. Pure; what is wrong with a cell is told
 * by its row and its heading. A row whose 动态 is filled in is no order but what became of one. docs/work-orders.md names
 * the same columns.
 */
import { faultyFields } from '../contract/parse.ts'
import { followUpNames } from '../contract/case.ts'
import {
  workOrderChangeKinds,
  workOrderChangeNames,
  workOrderChangeSchema,
  workOrderSchema,
  workOrderTypeNames,
  workOrderTypes,
  type WorkOrder,
  type WorkOrderChange,
  type WorkOrderResult,
} from '../contract/work-order.ts'
import type { Cities } from '../knowledge/cities.ts'
import { writeCsv } from '../knowledge/sheet/csv.ts'
import { refusedTable, type RowFault } from '../knowledge/sheet/row-faults.ts'
import { plainCell, safeCell, type Sheet } from '../knowledge/sheet/sheet.ts'
import { writeXlsx } from '../knowledge/sheet/xlsx.ts'
import type { TableFormat } from './case-tables.ts'
import { dayIn, momentOf, wallTime } from './wall-time.ts'

type Field = keyof WorkOrder | 'change'
const columns: readonly { heading: string; field: Field; told: string; width: number; must?: true }[] = [
  {
    heading: '工单编号',
    field: 'number',
    told: '必填，4 到 40 位字母、数字或横线；同一编号只立一次单，办理期限变了按新期限',
    width: 22,
    must: true,
  },
  {
    heading: '诉求类型',
    field: 'type',
    told: `必填：${Object.values(workOrderTypeNames).join('、')}`,
    width: 10,
    must: true,
  },
  { heading: '是否紧急', field: 'urgent', told: '填“是”为紧急，当日办理；不填为否', width: 10 },
  { heading: '诉求标题', field: 'title', told: '必填，200 字以内', width: 32, must: true },
  { heading: '诉求内容', field: 'text', told: '必填，4000 字以内', width: 60, must: true },
  { heading: '地区', field: 'city', told: '城市名或六位行政区划代码', width: 12 },
  { heading: '姓名', field: 'person', told: '诉求人，密存', width: 10 },
  { heading: '联系电话', field: 'phone', told: '11 位手机号，或带区号的座机号，密存', width: 16 },
  { heading: '受理时间', field: 'receivedAt', told: '必填，如 2026-11-22 10:05', width: 18, must: true },
  { heading: '办理期限', field: 'dueOn', told: '12345 要求的期限，如 2026-12-01；与本单位期限取早的', width: 14 },
  {
    heading: '动态',
    field: 'change',
    told: `新工单不填。收过的工单有变化时填：${Object.values(workOrderChangeNames).join('、')}；这时只要工单编号和受理时间（12345 发出的时间），更改期限的还要办理期限，说明写在诉求内容`,
    width: 10,
  },
]
const headings = columns.map(({ heading }) => heading)
const instructions = [
  ['栏目', '怎么填'],
  ...columns.map(({ heading, told }) => [heading, told]),
  ['注意', '第一行栏目名不要改。有一处填错，整份都不收，改好再传。'],
]
const mostOrders = 2_000
/** In which column a fault of a change is. */
const fieldOf: Partial<Record<string, Field>> = { at: 'receivedAt', note: 'text' }
const refused = (faults: readonly RowFault[]) => refusedTable(faults, 'work orders')

export function orderTemplate(): Buffer {
  return writeXlsx([
    { name: '工单', rows: [headings], widths: columns.map(({ width }) => width) },
    { name: '填写说明', rows: instructions, widths: [16, 80] },
  ])
}

type Given = { orders: WorkOrder[]; changes: WorkOrderChange[] }

/** @throws Problem invalid_input, every faulty cell by its row and heading. */
export function ordersIn(sheet: Sheet, cities: Pick<Cities, 'cityCodeOf'>): Given {
  const [head, ...body] = sheet.rows
  const at = new Map((head?.cells ?? []).map((heading, column) => [heading.trim(), column]))
  const missing = columns.filter(({ heading, must }) => must && !at.has(heading))
  if (!head || missing.length > 0)
    throw refused(missing.map(({ heading }) => ({ row: head?.number ?? 1, column: heading, message: '缺少这一栏' })))
  if (body.length === 0) throw refused([{ row: head.number + 1, column: '', message: '表格里还没有工单' }])
  if (body.length > mostOrders) throw refused([{ row: head.number, column: '', message: `一次最多 ${mostOrders} 张` }])

  const faults: RowFault[] = []
  const seen = new Map<string, number>()
  const given: Given = { orders: [], changes: [] }
  for (const { number: row, cells } of body) {
    const written = new Map(
      columns.map(({ heading, field }) => [field, plainCell(cells[at.get(heading) ?? -1] ?? '').trim()] as const),
    )
    const change = written.get('change')
    const parsed = change
      ? workOrderChangeSchema.safeParse(changeOf(written))
      : workOrderSchema.safeParse(orderOf(written, cities))
    for (const { path, message } of parsed.error ? faultyFields(parsed.error) : [])
      faults.push({ row, column: headingOf(path), message })
    const key = [written.get('number'), change, change && written.get('receivedAt')].filter(Boolean).join(' ')
    const before = seen.get(key)
    if (before !== undefined) faults.push({ row, column: '工单编号', message: `与第 ${before} 行重复` })
    seen.set(key, before ?? row)
    if (!parsed.success) continue
    if ('change' in parsed.data) given.changes.push(parsed.data)
    else given.orders.push(parsed.data)
  }
  if (faults.length > 0) throw refused(faults)
  return given
}

const headingOf = (path: string) => columns.find(({ field }) => field === (fieldOf[path] ?? path))?.heading ?? path

/** The columns of an order that a change has no use for may stand filled. */
function changeOf(written: ReadonlyMap<Field, string>): Record<string, unknown> {
  const { number, change, receivedAt, dueOn, text } = Object.fromEntries(written)
  const kind = workOrderChangeKinds.find((one) => workOrderChangeNames[one] === change)
  return {
    ...{ number, change: kind ?? change, at: receivedAt && momentOf(receivedAt) },
    ...(kind === 'deadline' && dueOn && { dueOn: dayIn(dueOn) }),
    ...(text && { note: text }),
  }
}

/** What is empty is left out, so that an optional cell is absent and a needed one is named. */
function orderOf(written: ReadonlyMap<Field, string>, cities: Pick<Cities, 'cityCodeOf'>): Record<string, unknown> {
  const read: Partial<Record<Field, (cell: string) => unknown>> = {
    type: (cell) => workOrderTypes.find((type) => workOrderTypeNames[type] === cell) ?? cell,
    urgent: (cell) => (cell === '是' ? true : cell === '否' ? false : cell),
    city: (cell) => cities.cityCodeOf(cell) ?? cell,
    receivedAt: momentOf,
    dueOn: dayIn,
  }
  return Object.fromEntries(
    [...written].flatMap(([field, cell]) =>
      cell === '' || field === 'change' ? [] : [[field, read[field]?.(cell) ?? cell]],
    ),
  )
}

const outcomeNames: Record<WorkOrderResult['outcome'], string> = {
  handling: '办理中',
  closed: '办结',
  returned: '退回',
}
const moment = (at: string | undefined) => (at ? wallTime(at) : '')
const resultColumns: readonly { heading: string; width: number; cell: (result: WorkOrderResult) => string }[] = [
  { heading: '工单编号', width: 22, cell: ({ number }) => number },
  { heading: '整改单编号', width: 20, cell: ({ caseNumber }) => caseNumber },
  { heading: '办理状态', width: 10, cell: ({ outcome }) => outcomeNames[outcome] },
  { heading: '办理期限', width: 14, cell: ({ dueOn }) => dueOn },
  { heading: '首次联系时间', width: 18, cell: ({ contactedAt }) => moment(contactedAt) },
  { heading: '办理结果', width: 60, cell: ({ remedy = '' }) => remedy },
  { heading: '佐证', width: 30, cell: ({ evidence = '' }) => evidence },
  { heading: '回访结果', width: 12, cell: ({ followUp }) => (followUp ? followUpNames[followUp] : '') },
  { heading: '办结时间', width: 18, cell: ({ finishedAt }) => moment(finishedAt) },
  { heading: '退回理由', width: 40, cell: ({ returnReason = '' }) => returnReason },
]

export function orderResultsTable(results: readonly WorkOrderResult[], format: TableFormat): Buffer {
  const cells = [
    resultColumns.map(({ heading }) => heading),
    ...results.map((result) => resultColumns.map(({ cell }) => safeCell(cell(result)))),
  ]
  if (format === 'csv') return writeCsv(cells)
  return writeXlsx([{ name: '工单结果', rows: cells, widths: resultColumns.map(({ width }) => width) }])
}
