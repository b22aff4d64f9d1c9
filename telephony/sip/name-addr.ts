/** `"Name" <uri>;params` and its bare form, as From, To, Contact, Route and their like hold it. */
import {
  atEnd,
  isSpace,
  isToken,
  peek,
  skipSpace,
  take,
  takeMark,
  takeParams,
  takeQuoted,
  type Cursor,
} from './cursor.ts'
import type { NameAddr } from './message.ts'
import { parseUri } from './uri.ts'

/** One address, up to a comma or the end; undefined when malformed. */
export function takeNameAddr(cursor: Cursor): NameAddr | undefined {
  skipSpace(cursor)
  const displayName = takeDisplayName(cursor)
  if (displayName === undefined) return undefined
  const text = peek(cursor) === '<' ? takeBracketed(cursor) : takeBare(cursor)
  const uri = text === undefined ? undefined : parseUri(text, cursor.meter)
  const params = uri && takeParams(cursor)
  return uri && params ? { displayName, uri, params } : undefined
}

/** A whole header of comma-separated addresses. */
export function takeNameAddrs(cursor: Cursor): NameAddr[] | undefined {
  const all: NameAddr[] = []
  do {
    const one = takeNameAddr(cursor)
    if (!one) return undefined
    all.push(one)
  } while (takeMark(cursor, ','))
  return atEnd(cursor) ? all : undefined
}

/** Empty, and the cursor unmoved, for a bare address. Text beyond ASCII is let pass unquoted: real exchanges send it. */
function takeDisplayName(cursor: Cursor): string | undefined {
  if (peek(cursor) === '"') {
    const name = takeQuoted(cursor)
    skipSpace(cursor)
    return peek(cursor) === '<' ? name : undefined
  }
  const from = cursor.at
  const name = take(cursor, (code) => isToken(code) || isSpace(code) || code >= 0x80)
  if (peek(cursor) === '<') return name.trim()
  cursor.at = from
  return ''
}

function takeBracketed(cursor: Cursor): string | undefined {
  cursor.at++
  const text = take(cursor, (code) => code !== 0x3e)
  if (peek(cursor) !== '>') return undefined
  cursor.at++
  return text
}

/** Without brackets, what follows `;` belongs to the header, and a `?` is not allowed (RFC 3261 §20.10). */
function takeBare(cursor: Cursor): string | undefined {
  const text = take(cursor, (code) => !isSpace(code) && code !== 0x3b && code !== 0x2c && code !== 0x3f)
  return peek(cursor) === '?' ? undefined : text
}

/** The address as we write it, without a tag: for the From and To of our own requests. */
export function formatNameAddr({ displayName, uri }: Pick<NameAddr, 'displayName' | 'uri'>, tag?: string): string {
  const name = displayName ? `"${displayName.replace(/["\\]/g, '\\$&')}" ` : ''
  return `${name}<${uri.text}>${tag ? `;tag=${tag}` : ''}`
}
