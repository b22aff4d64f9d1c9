/**
 * WeChat's XML, read and written. What comes is small, flat and a stranger's: no entities, no document type, no
 * attributes, each field once and as text, or it is no message.
 */
import { XMLParser } from 'fast-xml-parser'

export type Fields = Readonly<Record<string, string>>

export const mostXmlBytes = 64 * 1024
/** What WeChat sends has two levels. */
const mostDepth = 8

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
  maxNestedTags: mostDepth,
})

/** @returns the fields of the one element `xml`; nothing for anything else. Fields with fields of their own are left out. */
export function readXml(text: string): Fields | undefined {
  const root = rootOf(text)
  if (!root) return undefined
  const entries = Object.entries(root)
  // Twice the same field: which of them was meant is anybody's guess.
  if (entries.some(([, value]) => Array.isArray(value))) return undefined
  const fields = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(fields))
}

/** The elements `List` of one that holds nothing else: one or more, each with fields of its own. */
export function readXmlList(text: string, name: string): Fields[] {
  const holder = rootOf(text)?.[name]
  const list = isRecord(holder) ? holder['List'] : undefined
  return (Array.isArray(list) ? list : [list])
    .filter(isRecord)
    .map(
      (one): Fields =>
        Object.fromEntries(
          Object.entries(one).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
        ),
    )
}

function rootOf(text: string): Record<string, unknown> | undefined {
  if (Buffer.byteLength(text) > mostXmlBytes || /<!(DOCTYPE|ENTITY)/i.test(text)) return undefined
  let parsed: unknown
  try {
    parsed = parser.parse(text, true)
  } catch {
    return undefined
  }
  const root: unknown = isRecord(parsed) ? parsed['xml'] : undefined
  return isRecord(root) ? root : undefined
}

/** Numbers stand bare, text in CDATA; what XML cannot hold is left out. */
export function writeXml(fields: Readonly<Record<string, string | number>>): string {
  const inner = Object.entries(fields).map(([name, value]) => {
    const written = typeof value === 'number' ? String(value) : cdata(value)
    return `<${name}>${written}</${name}>`
  })
  return `<xml>${inner.join('')}</xml>`
}

const cdata = (text: string) => `<![CDATA[${storable(text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
const storable = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
