/**
 * YAML with line numbers. A civil servant edits packs in a plain editor, so every complaint must name the line to
 * go to: that of the field, or of its nearest parent when the field itself is missing.
 */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, type Document } from 'yaml'

/** `line` counts from 1; `field` is dotted ("sources.0.title"), empty for the whole file. `message` is Chinese. */
export type Fault = { file: string; line: number; field: string; message: string }

export type PackDocument = {
  value: unknown
  faults: Fault[]
  /** @param path dotted, as faultyFields gives it. */
  lineOf(path: string): number
}

const told: Partial<Record<string, string>> = {
  DUPLICATE_KEY: '这个字段写了两次',
  TAB_AS_INDENT: '缩进请用空格，不要用制表符',
  BAD_INDENT: '缩进不对，同一层的字段要左边对齐',
  MISSING_CHAR: '少了引号、冒号或括号',
  BAD_SCALAR_START: '这一行的开头不能用这个符号，请给整句加上引号',
  MULTILINE_IMPLICIT_KEY: '这一行写法有误，可能是冒号后缺空格，或上一行没有写完',
  BLOCK_AS_IMPLICIT_KEY: '这一行写法有误，句中有冒号时请给整句加上引号',
  BAD_ALIAS: '以 * 或 & 开头的内容请加上引号',
}

/** @returns one for each part of the file between `---` lines; a file without any content gives none. */
export function readDocuments(file: string, source: string): PackDocument[] {
  const lines = new LineCounter()
  const parsed = parseAllDocuments(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const lineAt = (offset: number) => Math.max(lines.linePos(offset).line, 1)
  return ('empty' in parsed ? [] : parsed).map((document): PackDocument => {
    const faults = [...document.errors, ...document.warnings].map((error): Fault => {
      const line = lineAt(error.pos[0])
      const field = error.code === 'DUPLICATE_KEY' ? keyOn(source, error.pos[0]) : ''
      return { file, line, field, message: told[error.code] ?? '这一行不是正确的 YAML' }
    })
    return {
      value: faults.length === 0 ? plain(document, faults, file) : undefined,
      faults,
      lineOf: (path) => lineAt(offsetOf(document, path === '' ? [] : path.split('.'))),
    }
  })
}

/** Aliases that expand without end are refused by the parser only now. */
function plain(document: Document.Parsed, faults: Fault[], file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 10 })
  } catch {
    faults.push({ file, line: 1, field: '', message: '这份文件的引用（& 和 *）写法有误' })
    return undefined
  }
}

function offsetOf(document: Document.Parsed, path: readonly string[]): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? document.range[0]
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
      if (!pair) return offset
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      if (node === undefined) return offset
      offset = startOf(node) ?? offset
    } else return offset
  }
  return offset
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}

function keyOn(source: string, offset: number): string {
  return /^[^\s:]+/.exec(source.slice(offset))?.[0] ?? ''
}
