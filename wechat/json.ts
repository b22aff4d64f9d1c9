/**
 * WeChat's JSON, read without losing a digit: its message numbers have 64 bits, JavaScript's numbers 53. Small, flat and
 * a stranger's, like its XML: one object, whose texts and numbers come out as text.
 */
import { mostXmlBytes, type Fields } from './xml.ts'

/** A whole string, or a number outside of one. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** @returns the fields of one object; nothing for anything else. Fields with fields of their own are left out. */
export function readJson(text: string): Fields | undefined {
  if (Buffer.byteLength(text) > mostXmlBytes) return undefined
  let parsed: unknown
  try {
    JSON.parse(text)
    parsed = JSON.parse(text.replace(stringOrNumber, (part) => (part.startsWith('"') ? part : `"${part}"`)))
  } catch {
    return undefined
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
  const fields = Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.assign(
    Object.create(null) as Record<string, string>,
    Object.fromEntries(fields.map(([name, value]) => [name, storable(value)])),
  )
}

/** What the database cannot hold. */
export const storable = (text: string): string => text.replaceAll('\u0000', '').toWellFormed()
