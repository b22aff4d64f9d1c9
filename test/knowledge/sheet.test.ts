/** Tables from outside: what a spreadsheet writes is read, and whatever else comes is refused or harmless. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsv, writeCsv } from '../../knowledge/sheet/csv.ts'
import { plainCell, safeCell } from '../../knowledge/sheet/sheet.ts'
import { sheetReader } from '../../knowledge/sheet/sheet-reader.ts'
import { readXlsx, writeXlsx } from '../../knowledge/sheet/xlsx.ts'
import { zip } from '../../knowledge/sheet/zip.ts'
import { root } from '../support/hotline.ts'

const reader = sheetReader({ workerFile: join(root, 'dist', 'sheet-worker.js') })
const cellsOf = (rows: { cells: string[] }[]) => rows.map(({ cells }) => cells)

const cell = fc.stringMatching(/^[ -~\n一-龥＝、“”]{1,20}$/)
const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 })

describe('what was written', () => {
  it('is read back from xlsx, every cell as it was', () => {
    fc.assert(
      fc.property(table, (rows) => {
        expect(cellsOf(readXlsx(writeXlsx([{ name: '条目', rows }])).rows)).toEqual(rows)
      }),
    )
  })

  it('is read back from csv', () => {
    fc.assert(
      fc.property(table, (rows) => {
        expect(cellsOf(readCsv(writeCsv(rows)).rows)).toEqual(rows)
      }),
    )
  })

  it('is no formula in any spreadsheet, and comes back as it was meant', () => {
    for (const text of ['=1+1', '+8613800138000', '-1', '@SUM(A1)', '\t=1', '＝1', '－1'])
      expect([safeCell(text)[0], plainCell(safeCell(text))]).toEqual(["'", text])
    for (const text of ['医保', "'引号", '1+1', '']) expect(plainCell(safeCell(text))).toBe(text)
  })
})

describe('a csv file', () => {
  it('may be in GB 18030, as older spreadsheets write it', () => {
    const gbk = Buffer.from([0xd2, 0xbd, 0xb1, 0xa3, 0x2c, 0xb1, 0xa8, 0xcf, 0xfa]) // 医保,报销
    expect(cellsOf(readCsv(gbk).rows)).toEqual([['医保', '报销']])
  })

  it.each([
    ['quotes that do not end', Buffer.from('"医保')],
    ['too many rows', Buffer.from('a\n'.repeat(2_002))],
    ['too many columns', Buffer.from(','.repeat(41))],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13])],
  ])('is refused in Chinese for %s', (_, file) => {
    expect(() => readCsv(file)).toThrow(/\p{Script=Han}/u)
  })
})

/** A sheet written by hand. */
const sheetOf = (data: string, more: [string, string][] = []) =>
  zip([
    ['xl/workbook.xml', '<workbook><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>'],
    [
      'xl/_rels/workbook.xml.rels',
      '<Relationships><Relationship Id="rId1" Target="worksheets/one.xml"/></Relationships>',
    ],
    ['xl/worksheets/one.xml', `<worksheet><sheetData>${data}</sheetData></worksheet>`],
    ...more,
  ])

describe('an xlsx file', () => {
  it('may share its strings, style parts of them and leave cells and rows out', () => {
    const file = sheetOf(
      '<row r="2"><c r="C2" t="s"><v>1</v></c><c r="D2"><v>45292</v></c></row><row r="4"><c r="A4" t="s"><v>0</v></c></row>',
      [
        [
          'xl/sharedStrings.xml',
          '<sst><si><t>医保&amp;社保</t></si><si><r><t>新</t></r><r><rPr><b/></rPr><t xml:space="preserve">生 儿</t></r><rPh><t>xin</t></rPh></si></sst>',
        ],
      ],
    )
    expect(readXlsx(file).rows).toEqual([
      { number: 2, cells: ['', '', '新生 儿', '45292'] },
      { number: 4, cells: ['医保&社保'] },
    ])
  })

  it.each([
    ['a formula', '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>', '第 1 行第 1 列是公式'],
    ['a row far below', '<row r="1048576"><c r="A1048576"><v>1</v></c></row>', '2000 行'],
    ['a column far out', '<row r="1"><c r="XFD1"><v>1</v></c></row>', '40 列'],
  ])('is refused for %s', (_, data, told) => {
    expect(() => readXlsx(sheetOf(data))).toThrow(told)
  })

  it('is refused when it is broken anywhere', () => {
    const whole = writeXlsx([{ name: 'a', rows: [['医保']] }])
    for (let length = 0; length < whole.length; length += 7)
      expect(() => readXlsx(whole.subarray(0, length))).toThrow(/\p{Script=Han}/u)
  })

  it('lies about its size in vain', () => {
    const bomb = Buffer.from(
      sheetOf(`<row r="1"><c r="A1" t="inlineStr"><is><t>${'0'.repeat(20_000_000)}</t></is></c></row>`),
    )
    expect(bomb.length).toBeLessThan(100_000)
    // Every size in the central directory says 1 byte.
    for (let at = bomb.indexOf('PK\x01\x02', 0, 'latin1'); at > 0; at = bomb.indexOf('PK\x01\x02', at + 1, 'latin1'))
      bomb.writeUInt32LE(1, at + 24)
    expect(() => readXlsx(bomb)).toThrow('太大')
  })
})

describe('in its thread', () => {
  it('reads a sound file, one after the other', async () => {
    const files = ['甲', '乙', '丙'].map((word) => writeXlsx([{ name: 'a', rows: [[word]] }]))
    const sheets = await Promise.all(files.map((file) => reader.read(file)))
    expect(sheets.map(({ rows }) => rows[0]?.cells[0])).toEqual(['甲', '乙', '丙'])
  })

  it('refuses what is empty or too large before it opens it', async () => {
    await expect(reader.read(Buffer.alloc(0))).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(reader.read(Buffer.alloc(6 * 1024 * 1024))).rejects.toMatchObject({ code: 'too_large' })
  })

  const folder = join(root, '..', 'shared', 'data', 'uploads')
  const hostile = existsSync(folder)
    ? readdirSync(folder).filter((file) => /\.(xlsx|zip|gz|jpg|png|svg|html)$/.test(file))
    : []
  it.skipIf(hostile.length === 0)(
    hostile.length === 0 ? `has no hostile files to try: ${folder} is not here` : 'is not harmed by any hostile file',
    async () => {
      const told: Record<string, string> = {}
      for (const file of hostile) {
        const read = reader.read(readFileSync(join(folder, file)))
        told[file] = await read.then(
          ({ rows }) => `read: ${JSON.stringify(rows)}`,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        )
      }
      for (const [file, outcome] of Object.entries(told))
        expect([file, outcome]).toEqual([file, expect.stringMatching(/\p{Script=Han}|^read/u)])
      expect(told['xlsx-bomb-10M-rows.xlsx']).toContain('太大')
      expect(told['xlsx-entity-bomb.xlsx']).toContain('定义')
      expect(told['xlsx-formula.xlsx']).toContain('公式')
      expect(told['xlsx-huge-ref.xlsx']).toContain('2000 行')
      expect(told['xlsx-proto.xlsx']).toContain('__proto__')
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    },
  )
})
