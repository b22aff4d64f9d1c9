import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem } from '../../contract/problem.ts'
import { cities, type Cities } from '../../knowledge/cities.ts'
import { entriesStore } from '../../knowledge/entries.store.ts'
import { exportedEntries } from '../../knowledge/export.ts'
import { headings } from '../../knowledge/import-columns.ts'
import { importedRows, importPlan, keepImport, latest } from '../../knowledge/import.ts'
import { readPacks } from '../../knowledge/pack-folder.ts'
import { eachWording, type Pack } from '../../knowledge/pack.ts'
import { review } from '../../knowledge/review.ts'
import { readCsv } from '../../knowledge/sheet/csv.ts'
import { readXlsx } from '../../knowledge/sheet/xlsx.ts'
import { root } from '../support/hotline.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aWording } from '../support/wording.ts'
import { staffNamed } from './staff-rows.ts'

let database: TestDatabase
let editor: string
let reviewer: string
let packs: Pack[]
let places: Cities
const now = new Date('2026-11-22T02:00:00Z')
const act = () => ({ staffId: editor, now })

beforeAll(async () => {
  database = await aDatabase()
  ;[editor = '', reviewer = ''] = await staffNamed(database.pool, '林编辑', '何审核')
  ;({ packs } = await readPacks(join(root, 'knowledge', 'packs')))
  places = cities(packs)
})
afterAll(() => database.drop())

const tableOf = (entries: Parameters<typeof exportedEntries>[0]) => readXlsx(exportedEntries(entries, places, 'xlsx'))
const rowsOf = (entries: Parameters<typeof exportedEntries>[0]) => importedRows(tableOf(entries), places)
const take = (rows: ReturnType<typeof importedRows>) =>
  database.db.transaction().execute(async (tx) => {
    const plan = await importPlan(tx, rows, act())
    await keepImport(tx, plan, now)
    return plan.counts
  })
const latestOf = async (id: string) => latest(await entriesStore(database.db).revisionsOf([id]))

/** A table of these rows under the usual headings, cells named by heading. */
const written = (...rows: Record<string, string>[]) => ({
  rows: [headings, ...rows.map((row) => headings.map((heading) => row[heading] ?? ''))].map((cells, at) => ({
    number: at + 1,
    cells,
  })),
})
const sound = {
  标准问题: '轮椅怎么租',
  答案: '到窗口租。',
  口语答案: '到窗口租。',
  依据: '测试文件｜测发〔2024〕1号｜第三条｜2024/1/5',
  主题: '服务',
  生效日: '45292',
}
function faultsOf(sheet: Parameters<typeof importedRows>[0]): string[] {
  try {
    importedRows(sheet, places)
  } catch (error) {
    return (error as Problem).fields.map(({ message }) => message)
  }
  return []
}

describe('a table', () => {
  it('holds every shipped entry so that it is read back word for word, as xlsx and as csv', () => {
    const last = new Map(eachWording(packs).map(({ entry, wording }) => [entry.id, wording]))
    const entries = [...last].map(([id, wording]) => ({ id, wording }))
    expect(entries.length).toBeGreaterThan(250)
    const back = rowsOf(entries).map(({ id, wording }) => ({ id, wording }))
    expect(back).toEqual(entries)
    const csv = importedRows(readCsv(exportedEntries(entries, places, 'csv')), places)
    expect(csv.map(({ id, wording }) => ({ id, wording }))).toEqual(entries)
  })

  it('may write days as spreadsheets do, and places by name', () => {
    const [row] = importedRows(written({ ...sound, 地区: '淮北', 险种: '居民医保', 失效日: '2027年1月5日' }), places)
    expect(row?.wording).toMatchObject({
      validFrom: '2024-01-01',
      validUntil: '2027-01-05',
      region: '340600',
      insurance: 'resident',
      sources: [{ title: '测试文件', number: '测发〔2024〕1号', article: '第三条', date: '2024-01-05' }],
    })
  })

  it('is refused with every fault by its row and heading', () => {
    expect(
      faultsOf(
        written(
          { ...sound, 答案: '' },
          { ...sound, 标准问题: '怎么还轮椅', 生效日: '明天', 险种: '商业保险' },
          { ...sound, 标准问题: '怎么修轮椅', 编号: '不行', 地区: '亚特兰蒂斯' },
          { ...sound, 标准问题: '轮椅坏了', 相似问: `好的\n${'长'.repeat(201)}` },
        ),
      ),
    ).toEqual([
      '第 2 行“答案”：不能为空',
      '第 3 行“险种”：只能填职工医保或居民医保，不区分则空着',
      '第 3 行“生效日”：日期应写成 年-月-日，例如 2026-11-22',
      '第 4 行“编号”：编号只能用小写字母、数字和横线',
      '第 4 行“地区”：没有“亚特兰蒂斯”这个地区，可以填六位代码',
      '第 5 行“相似问”：第 2 行：不能超过 200 个字',
    ])
  })

  it('is refused for headings that are not ours, twice there or missing', () => {
    const faults = faultsOf({ rows: [{ number: 1, cells: ['标准问题', '标准问题', '__proto__', '答案'] }] })
    expect(faults).toContain('第 1 行“标准问题”：这一栏写了两次')
    expect(faults).toContain('第 1 行“__proto__”：没有这一栏，请用模板里的栏目名')
    expect(faults).toContain('第 1 行“口语答案”：缺少这一栏')
    expect(faultsOf({ rows: [] })).toEqual(['第 1 行：表格是空的，请用模板填写'])
    expect(faultsOf(written())).toEqual(['第 2 行：表格里还没有条目'])
  })

  it('is refused when it names one entry twice', () => {
    expect(faultsOf(written({ ...sound, 编号: 'a-b' }, { ...sound, 编号: 'a-b' }))).toEqual([
      '第 3 行“编号”：与第 2 行重复',
      '第 3 行“标准问题”：与第 2 行重复',
    ])
  })

  it('holds nothing that a spreadsheet would run', () => {
    const entries = [{ id: 'formula', wording: aWording({ answer: '=HYPERLINK("http://x")', question: '+1 是什么' }) }]
    const [, row] = tableOf(entries).rows
    expect(row?.cells.filter((cell) => /^[=+\-@]/.test(cell))).toEqual([])
    expect(rowsOf(entries)[0]?.wording).toEqual(entries[0]?.wording)
  })
})

describe('taking a table in', () => {
  it('makes drafts, and changes nothing the second time', async () => {
    const rows = importedRows(written(sound, { ...sound, 编号: 'wheelchair-return', 标准问题: '怎么还轮椅' }), places)
    expect(await take(rows)).toEqual({ added: 2, changed: 0, unchanged: 0 })
    expect(await take(rows)).toEqual({ added: 0, changed: 0, unchanged: 2 })
    expect(await latestOf('wheelchair-return')).toMatchObject({ state: 'draft', number: 1, author: editor })
  })

  it('finds an entry by its question when it has no id, and writes a new draft of it', async () => {
    const rows = importedRows(written({ ...sound, 答案: '到二楼窗口租。' }), places)
    expect(await take(rows)).toEqual({ added: 0, changed: 1, unchanged: 0 })
    expect(await take(rows)).toEqual({ added: 0, changed: 0, unchanged: 1 })
  })

  it('never touches what is live', async () => {
    const live = await database.db.transaction().execute(async (tx) => {
      const drafted = await review(tx).draft(aWording({ question: '已发布的问题' }), act(), 'is-live')
      await review(tx).move(drafted.id, 'submit', act())
      await review(tx).move(drafted.id, 'approve', { staffId: reviewer, now })
      return review(tx).move(drafted.id, 'publish', act())
    })
    await take(rowsOf([{ id: 'is-live', wording: aWording({ question: '已发布的问题', answer: '改过的答案。' }) }]))
    expect(await entriesStore(database.db).revision(live.id)).toMatchObject({ state: 'published' })
    expect(await latestOf('is-live')).toMatchObject({ state: 'draft', number: 2 })
  })

  it('takes all of it or nothing', async () => {
    const before = (await entriesStore(database.db).allRevisions()).length
    const rows = importedRows(
      written({ ...sound, 标准问题: '好的一行' }, { ...sound, 标准问题: '坏的一行', 易混淆条目: 'no-such-entry' }),
      places,
    )
    await expect(take(rows)).rejects.toMatchObject({
      code: 'invalid_input',
      fields: [{ message: '第 3 行“易混淆条目”：没有编号为 no-such-entry 的条目' }],
    })
    expect((await entriesStore(database.db).allRevisions()).length).toBe(before)
  })

  it('asks for the id where two entries have the same question', async () => {
    await take(rowsOf([{ id: 'twin-one', wording: aWording({ question: '双胞胎' }) }]))
    await database.db
      .transaction()
      .execute((tx) => review(tx).draft(aWording({ question: '双胞胎' }), act(), 'twin-two'))
    await expect(take(importedRows(written({ ...sound, 标准问题: '双胞胎' }), places))).rejects.toMatchObject({
      fields: [{ message: '第 2 行“编号”：有 2 个条目是这个标准问题，请填编号' }],
    })
  })

  it('lets neighbours come in the same table', async () => {
    const pair = [
      { id: 'pair-a', wording: aWording({ question: '甲问题', notToConfuse: ['pair-b'] }) },
      { id: 'pair-b', wording: aWording({ question: '乙问题', notToConfuse: ['pair-a'] }) },
    ]
    expect(await take(rowsOf(pair))).toMatchObject({ added: 2 })
  })
})
