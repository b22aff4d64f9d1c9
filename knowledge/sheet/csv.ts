/** Comma-separated tables, as spreadsheets write them here: UTF-8 with or without its mark, or GB 18030. */
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { caps, type Sheet } from './sheet.ts'
import { SheetFault } from './zip.ts'

const records = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }))

/** @throws SheetFault. */
export function readCsv(file: Buffer, mostRows: number = caps.rows): Sheet {
  const text = decoded(file)
  let read: z.infer<typeof records>
  try {
    read = records.parse(
      parse(text, { bom: true, info: true, relax_column_count: true, skip_empty_lines: true, to: mostRows + 1 }),
    )
  } catch {
    throw new SheetFault('文件不是正确的 csv 表格，请检查引号是否成对')
  }
  if (read.length > mostRows) throw new SheetFault(`表格超过 ${mostRows - 1} 行，请拆成几份再传`)
  const rows = read.map(({ record }, at) => ({
    number: at + 1,
    cells: record.map((cell) => cell.replace(/\r\n?/g, '\n')),
  }))
  for (const { number, cells } of rows) {
    if (cells.length > caps.columns) throw new SheetFault(`第 ${number} 行超过 ${caps.columns} 列`)
    if (cells.some((cell) => cell.length > caps.cellChars)) throw new SheetFault(`第 ${number} 行有一格的文字太长`)
  }
  return { rows: rows.filter(({ cells }) => cells.some((cell) => cell !== '')) }
}

function decoded(file: Buffer): string {
  if (file.includes(0)) throw new SheetFault('文件不是 xlsx 或 csv 表格')
  for (const encoding of ['utf-8', 'gb18030'])
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(file)
    } catch {
      // Not in this encoding; the next one.
    }
  throw new SheetFault('看不懂文件的编码，请另存为 UTF-8 编码的 csv')
}

/** With the mark by which spreadsheets know UTF-8. */
export function writeCsv(rows: readonly (readonly string[])[]): Buffer {
  const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  return Buffer.from(`\ufeff${rows.map((cells) => cells.map(quoted).join(',')).join('\r\n')}\r\n`)
}
