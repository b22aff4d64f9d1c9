/**
 * The columns of a table of entries, both ways: a wording as a row of cells, and a row of cells as a wording. Pure; what
 * is wrong with a cell is told by its row and its heading, in Chinese.
 *
 * rowOf(id, wording) read back is the same wording.
 */
import { entryId, wordingSchema, type Source, type Wording } from '../contract/entry.ts'
import { faultyFields } from '../contract/parse.ts'
import type { Cities } from './cities.ts'
import { plainCell, safeCell } from './sheet/sheet.ts'

export type Places = Pick<Cities, 'cityCodeOf' | 'nameOf'>
export type CellFault = { column: string; message: string }

/** `field` as faults name it; the longer one stands after the shorter. `told` is for the template. */
type Column = { heading: string; field: string; told: string; width: number }

const columns: readonly Column[] = [
  { heading: '编号', field: 'id', told: '不填由系统生成；填已有的编号，就是为那个条目新写一版', width: 22 },
  { heading: '标准问题', field: 'question', told: '必填，80 字以内', width: 32 },
  { heading: '相似问', field: 'similar', told: '一行一个（格内换行用 Alt+Enter）', width: 40 },
  { heading: '答案', field: 'answer', told: '必填，3000 字以内', width: 60 },
  { heading: '口语答案', field: 'spoken', told: '必填，电话里念的，120 字以内，不用括号、书名号和网址', width: 40 },
  { heading: '办理条件', field: 'guide.conditions', told: '一行一条', width: 24 },
  { heading: '材料', field: 'guide.materials', told: '一行一条', width: 24 },
  { heading: '步骤', field: 'guide.steps', told: '一行一条', width: 24 },
  { heading: '办理渠道', field: 'guide.channels', told: '一行一条', width: 24 },
  { heading: '办理时限', field: 'guide.timeLimit', told: '200 字以内', width: 14 },
  { heading: '费用', field: 'guide.fee', told: '200 字以内', width: 14 },
  {
    heading: '依据',
    field: 'sources',
    told: '必填，一行一份文件：标题｜文号｜条款｜日期｜网址，没有的空着，如：某办法｜某发〔2024〕1号｜第三条',
    width: 50,
  },
  { heading: '主题', field: 'topic', told: '必填，40 字以内', width: 14 },
  { heading: '地区', field: 'region', told: '城市名或六位代码，全国通用则空着', width: 12 },
  { heading: '险种', field: 'insurance', told: '职工医保、居民医保，不区分则空着', width: 12 },
  { heading: '适用人群', field: 'audience', told: '一行一个', width: 16 },
  { heading: '易混淆条目', field: 'notToConfuse', told: '一行一个编号', width: 22 },
  { heading: '生效日', field: 'validFrom', told: '必填，如 2026-01-01', width: 12 },
  { heading: '失效日', field: 'validUntil', told: '如 2026-12-31，没有则空着', width: 12 },
]
export const headings = columns.map(({ heading }) => heading)
export const widths = columns.map(({ width }) => width)
/** For the template's second sheet. */
export const instructions: string[][] = [
  ['栏目', '怎么填'],
  ...columns.map(({ heading, told }) => [heading, told]),
  ['注意', '第一行栏目名不要改。有一处填错，整份都不导入，改好再传。导入后是草稿，审核、发布后才会答复市民。'],
]

const insurances = { employee: '职工医保', resident: '居民医保' } as const
const sourceParts = ['title', 'number', 'article', 'date', 'url'] as const
/** Days between 1899-12-30, from which spreadsheets count, and 1970-01-01. */
const spreadsheetEpoch = 25_569
const dayMs = 86_400_000

export function rowOf(id: string, wording: Wording, places: Places): string[] {
  const { guide = {}, region, insurance } = wording
  const cells: Record<string, string> = {
    编号: id,
    标准问题: wording.question,
    相似问: joined(wording.similar),
    答案: wording.answer,
    口语答案: wording.spoken,
    办理条件: joined(guide.conditions),
    材料: joined(guide.materials),
    步骤: joined(guide.steps),
    办理渠道: joined(guide.channels),
    办理时限: guide.timeLimit ?? '',
    费用: guide.fee ?? '',
    依据: joined(wording.sources.map(sourceLine)),
    主题: wording.topic,
    地区: region ? (places.nameOf(region) ?? region) : '',
    险种: insurance ? insurances[insurance] : '',
    适用人群: joined(wording.audience),
    易混淆条目: joined(wording.notToConfuse),
    生效日: wording.validFrom,
    失效日: wording.validUntil ?? '',
  }
  return headings.map((heading) => safeCell(cells[heading] ?? ''))
}

/** @param headingsGiven as the first row has them, in any order. @returns what is wrong with them. */
export function headingFaults(headingsGiven: readonly string[]): CellFault[] {
  const seen = new Set<string>()
  const faults = headingsGiven.flatMap((raw): CellFault[] => {
    const heading = raw.trim()
    if (heading === '') return []
    if (!headings.includes(heading)) return [{ column: heading, message: '没有这一栏，请用模板里的栏目名' }]
    if (seen.has(heading)) return [{ column: heading, message: '这一栏写了两次' }]
    seen.add(heading)
    return []
  })
  const missing = columns.filter(({ heading, told }) => told.startsWith('必填') && !seen.has(heading))
  return [...faults, ...missing.map(({ heading }) => ({ column: heading, message: '缺少这一栏' }))]
}

/** @param headingsGiven without faults. */
export function wordingOf(
  headingsGiven: readonly string[],
  cells: readonly string[],
  places: Places,
): { id?: string; wording?: Wording; faults: CellFault[] } {
  const at = new Map(headingsGiven.map((heading, column) => [heading.trim(), column]))
  const text = (heading: string) => plainCell(cells[at.get(heading) ?? -1] ?? '').trim()
  const lines = (heading: string) =>
    text(heading)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  const faults: CellFault[] = []

  const id = text('编号') || undefined
  const parsedId = id === undefined ? undefined : entryId.safeParse(id)
  if (parsedId?.error) faults.push(...faultyFields(parsedId.error).map(({ message }) => ({ column: '编号', message })))

  const place = text('地区')
  const region = place === '' || place === '全国' ? undefined : places.cityCodeOf(place)
  if (place !== '' && place !== '全国' && !region)
    faults.push({ column: '地区', message: `没有“${place}”这个地区，可以填六位代码` })
  const insured = text('险种')
  const insurance =
    insured === insurances.employee ? 'employee' : insured === insurances.resident ? 'resident' : undefined
  if (insured !== '' && insured !== '不区分' && !insurance)
    faults.push({ column: '险种', message: '只能填职工医保或居民医保，不区分则空着' })

  const guide = without({
    conditions: lines('办理条件'),
    materials: lines('材料'),
    steps: lines('步骤'),
    channels: lines('办理渠道'),
    timeLimit: text('办理时限'),
    fee: text('费用'),
  })
  const parsed = wordingSchema.safeParse({
    question: text('标准问题'),
    similar: lines('相似问'),
    answer: text('答案'),
    spoken: text('口语答案'),
    ...(Object.keys(guide).length > 0 && { guide }),
    sources: lines('依据').map(sourceOf),
    topic: text('主题'),
    audience: lines('适用人群'),
    notToConfuse: lines('易混淆条目'),
    validFrom: dayOf(text('生效日')),
    ...without({ region: region ?? '', insurance: insurance ?? '', validUntil: dayOf(text('失效日')) }),
  })
  if (parsed.error)
    for (const { path, message } of faultyFields(parsed.error))
      faults.push({ column: headingOf(path), message: lineWords(path) + message })
  return { ...(id && { id }), ...(parsed.success && { wording: parsed.data }), faults }
}

const joined = (lines: readonly string[] = []) => lines.join('\n')

function sourceLine(source: Source): string {
  const cells = sourceParts.map((part) => source[part] ?? '')
  return cells.join('｜').replace(/｜+$/, '')
}

function sourceOf(line: string): Record<string, string> {
  const given = line.split(/[｜|]/).map((part) => part.trim())
  const [title = '', number = '', article = '', date = '', ...url] = given
  return { title, ...without({ number, article, date: dayOf(date), url: url.join('|') }) }
}

/** "2026/1/5", "2026年1月5日" and the number that a spreadsheet keeps a day as; anything else as it was written. */
function dayOf(written: string): string {
  if (/^\d{5}$/.test(written)) return new Date((Number(written) - spreadsheetEpoch) * dayMs).toISOString().slice(0, 10)
  const parts = /^(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?$/.exec(written)
  if (!parts) return written
  const [, year = '', month = '', date = ''] = parts
  return `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
}

/** What is empty is left out. */
function without(given: Record<string, string | string[]>): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value.length > 0))
}

function headingOf(path: string): string {
  const column = columns.findLast(({ field }) => path === field || path.startsWith(`${field}.`))
  return column?.heading ?? path
}

/** "similar.2" is the third line of its cell. */
function lineWords(path: string): string {
  const line = /\.(\d+)(?:\.|$)/.exec(path)?.[1]
  return line === undefined ? '' : `第 ${Number(line) + 1} 行：`
}
