/**
 * The first sheet of an xlsx file, and a file of sheets. Only text and numbers are read: a formula, a row or a column
 * beyond the caps, a document type or a password is a fault that names its place.
 *
 * Source: ECMA-376 part 1, 18.3.1 (worksheets), 18.4 (shared strings).
 */
import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import { caps, type Sheet, type SheetRow } from './sheet.ts'
import { SheetFault, unzip, zip } from './zip.ts'

const lists = new Set(['row', 'c', 'si', 'r', 'sheet', 'Relationship'])
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  isArray: (name, _path, _isLeaf, isAttribute) => !isAttribute && lists.has(name),
})

// What we read of it; everything else in the file is let go.
const textNode = z.union([z.string(), z.object({ '#text': z.string().default('') })]).optional()
const run = z.object({ t: textNode })
const richText = z.union([z.string(), z.object({ t: textNode, r: z.array(run).default([]) })])
const cell = z.object({
  '@r': z.string().optional(),
  '@t': z.string().optional(),
  v: textNode,
  f: z.unknown().optional(),
  is: richText.optional(),
})
const row = z.union([
  z.string(),
  z.object({ '@r': z.string().optional(), c: z.array(z.union([z.string(), cell])).default([]) }),
])
const sheetData = z.union([z.string(), z.object({ row: z.array(row).default([]) })])
const worksheet = z.object({ worksheet: z.object({ sheetData }) })
const strings = z.object({ sst: z.union([z.string(), z.object({ si: z.array(richText).default([]) })]) })
const workbook = z.object({
  workbook: z.object({ sheets: z.object({ sheet: z.array(z.object({ '@r:id': z.string() })).min(1) }) }),
})
const relations = z.object({
  Relationships: z.object({ Relationship: z.array(z.object({ '@Id': z.string(), '@Target': z.string() })) }),
})

/** @throws SheetFault. */
export function readXlsx(file: Buffer, mostRows: number = caps.rows): Sheet {
  const wanted = /^xl\/(workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|worksheets\/[^/]+\.xml)$/
  const names = unzip(file, (name) => wanted.test(name), { parts: caps.zipParts, unpacked: caps.unpackedBytes })
  const part = <T>(name: string, schema: z.ZodType<T>): T | undefined => {
    const bytes = names.get(name)
    return bytes && parsed(bytes, schema)
  }
  const shared = part('xl/sharedStrings.xml', strings)?.sst
  const found = part(firstSheet(part), worksheet)
  if (!found) throw new SheetFault('文件里没有工作表')
  const { sheetData: data } = found.worksheet
  const texts = typeof shared === 'object' ? shared.si.map(textOf) : []
  return { rows: typeof data === 'string' ? [] : rowsOf(data.row, texts, mostRows) }
}

function firstSheet(part: <T>(name: string, schema: z.ZodType<T>) => T | undefined): string {
  const id = part('xl/workbook.xml', workbook)?.workbook.sheets.sheet[0]?.['@r:id']
  const all = part('xl/_rels/workbook.xml.rels', relations)?.Relationships.Relationship ?? []
  const target = all.find((one) => one['@Id'] === id)?.['@Target'] ?? 'worksheets/sheet1.xml'
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`
}

function parsed<T>(bytes: Buffer, schema: z.ZodType<T>): T {
  const xml = bytes.toString('utf8')
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) throw new SheetFault('文件里有不该有的定义，不是正常的表格')
  try {
    return schema.parse(parser.parse(xml))
  } catch {
    throw new SheetFault('文件已损坏，或不是 xlsx 表格')
  }
}

function rowsOf(rows: readonly z.infer<typeof row>[], shared: readonly string[], mostRows: number): SheetRow[] {
  const found: SheetRow[] = []
  let number = 0
  for (const one of rows) {
    const given = typeof one === 'string' ? undefined : one
    number = given?.['@r'] ? Number(given['@r']) : number + 1
    if (!Number.isInteger(number) || number < 1 || number > mostRows)
      throw new SheetFault(`表格超过 ${mostRows - 1} 行，请拆成几份再传`)
    if (!given) continue
    const cells: string[] = []
    let column = 0
    for (const entry of given.c) {
      const value = typeof entry === 'string' ? undefined : entry
      column = value?.['@r'] ? columnOf(value['@r']) : column + 1
      if (column > caps.columns) throw new SheetFault(`第 ${number} 行超过 ${caps.columns} 列`)
      if (value?.f !== undefined) throw new SheetFault(`第 ${number} 行第 ${column} 列是公式，请改成文字再传`)
      while (cells.length < column - 1) cells.push('')
      const text = value ? cellText(value, shared) : ''
      if (text.length > caps.cellChars) throw new SheetFault(`第 ${number} 行第 ${column} 列的文字太长`)
      cells[column - 1] = text
    }
    if (cells.some((text) => text !== '')) found.push({ number, cells })
  }
  return found
}

/** "C12" is column 3. */
function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(reference)?.[0] ?? 'A'
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
}

function cellText(given: z.infer<typeof cell>, shared: readonly string[]): string {
  if (given['@t'] === 'inlineStr') return given.is === undefined ? '' : textOf(given.is)
  const value = plain(given.v)
  return given['@t'] === 's' ? (shared[Number(value)] ?? '') : value
}

/** Runs of different looks are one text; how it is pronounced (rPh) is none of it. */
function textOf(given: z.infer<typeof richText>): string {
  if (typeof given === 'string') return ''
  return plain(given.t) + given.r.map(({ t }) => plain(t)).join('')
}

function plain(node: z.infer<typeof textNode>): string {
  const raw = typeof node === 'string' ? node : (node?.['#text'] ?? '')
  return raw
    .replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
      if (typeof name === 'string') return entities[name.toLowerCase()] ?? whole
      const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
    })
    .replace(/_x000D_/g, '')
    .replace(/\r\n?/g, '\n')
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

export type WrittenSheet = { name: string; rows: readonly (readonly string[])[]; widths?: readonly number[] }

/** Every cell is text. @param sheets names as they stand on the tabs. */
export function writeXlsx(sheets: readonly WrittenSheet[]): Buffer {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const packages = 'http://schemas.openxmlformats.org/package/2006'
  const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
  const each = (part: (sheet: WrittenSheet, number: number) => string) =>
    sheets.map((sheet, at) => part(sheet, at + 1)).join('')
  return zip([
    [
      '[Content_Types].xml',
      `${head}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>${each((_, n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${types}.worksheet+xml"/>`)}</Types>`,
    ],
    [
      '_rels/.rels',
      `${head}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${each(({ name }, n) => `<sheet name="${escaped(name)}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${head}<Relationships xmlns="${packages}/relationships">${each((_, n) => `<Relationship Id="rId${n}" Type="${office}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}</Relationships>`,
    ],
    ...sheets.map(
      (sheet, at) =>
        [
          `xl/worksheets/sheet${at + 1}.xml`,
          `${head}<worksheet xmlns="${main}">${columns(sheet)}<sheetData>${sheet.rows.map(rowXml).join('')}</sheetData></worksheet>`,
        ] as const,
    ),
  ])
}

function columns({ widths = [] }: WrittenSheet): string {
  if (widths.length === 0) return ''
  const each = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`)
  return `<cols>${each.join('')}</cols>`
}

function rowXml(cells: readonly string[], at: number): string {
  const each = cells.map((text) => `<c t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`)
  return `<row r="${at + 1}">${each.join('')}</row>`
}

/** XML 1.0 has no place for most control characters. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)
}
