/** 批量试问: a table of questions with what ought to answer each, and what came of it as a table. Pure. */
import { entryId } from '../contract/entry.ts'
import type { GoldenFate } from '../contract/golden.ts'
import type { TrialBatchRow } from '../contract/trial.ts'
import type { Cities } from './cities.ts'
import { writeCsv } from './sheet/csv.ts'
import { refusedTable, type RowFault } from './sheet/row-faults.ts'
import { plainCell, safeCell, type Sheet } from './sheet/sheet.ts'
import { normalise } from './text/normalise.ts'

/** `expected`: every entry that counts as right; empty where none may answer. */
export type BatchQuestion = { row: number; question: string; region?: string; wanted: string; expected: string[] }
type Places = Pick<Cities, 'cityCodeOf' | 'nameOf'>

const columns = { question: '问题', expected: '期望条目', region: '地区' } as const
/** In the column of the entry: nothing of ours answers it. */
const nothing = '不应答'
const longestQuestion = 500
const refused = (faults: readonly RowFault[]) => refusedTable(faults, 'questions')

export const fateWords: Record<GoldenFate, string> = {
  right: '通过',
  offered: '反问里有',
  withheld: '没答上',
  wrong: '答错',
}

/**
 * @param entries what may be expected: by id, or by the standard question, which may be several cities'.
 * @throws Problem invalid_input, every faulty cell by its row and heading.
 */
export function batchQuestions(
  sheet: Sheet,
  places: Places,
  entries: readonly { entryId: string; question: string }[],
): BatchQuestion[] {
  const [head, ...body] = sheet.rows
  const at = new Map((head?.cells ?? []).map((heading, column) => [heading.trim(), column]))
  const missing = [columns.question, columns.expected].filter((heading) => !at.has(heading))
  if (!head || missing.length > 0)
    throw refused(missing.map((column) => ({ row: head?.number ?? 1, column, message: '缺少这一栏' })))
  if (body.length === 0)
    throw refused([{ row: head.number + 1, column: columns.question, message: '表格里还没有问题' }])

  const byName = new Map<string, string[]>()
  for (const { entryId: id, question } of entries)
    for (const name of [id, normalise(question)]) byName.set(name, [...(byName.get(name) ?? []), id])
  const faults: RowFault[] = []
  const found = body.map(({ number: row, cells }): BatchQuestion => {
    const cell = (heading: string) => plainCell(cells[at.get(heading) ?? -1] ?? '').trim()
    const [question, wanted, place] = [cell(columns.question), cell(columns.expected), cell(columns.region)]
    const fault = (column: string, message: string) => faults.push({ row, column, message })
    if (question === '') fault(columns.question, '不能为空')
    if (question.length > longestQuestion) fault(columns.question, `不能超过 ${longestQuestion} 个字`)
    const region = place === '' || place === '全国' ? undefined : places.cityCodeOf(place)
    if (place !== '' && place !== '全国' && !region) fault(columns.region, '请写城市名，或六位行政区划代码')
    const expected = wanted === nothing ? [] : (byName.get(wanted) ?? byName.get(normalise(wanted)) ?? [])
    if (wanted === '') fault(columns.expected, `请写标准问题或编号；不该答的写“${nothing}”`)
    else if (wanted !== nothing && expected.length === 0)
      fault(
        columns.expected,
        entryId.safeParse(wanted).success ? '没有这个编号的条目在用' : '没有这个标准问题的条目在用',
      )
    return { row, question, wanted, expected, ...(region && { region }) }
  })
  if (faults.length > 0) throw refused(faults)
  return found
}

export function batchTable(rows: readonly TrialBatchRow[], places: Places): string {
  const cells = rows.map(({ row, question, region, expected, fate, told, score }) => [
    String(row),
    question,
    region ? (places.nameOf(region) ?? region) : '',
    expected,
    fateWords[fate],
    told,
    score.toFixed(3),
  ])
  const headings = ['行', columns.question, columns.region, columns.expected, '结果', '实际', '分数']
  return writeCsv([headings, ...cells.map((some) => some.map(safeCell))]).toString('utf8')
}
