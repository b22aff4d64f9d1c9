/**
 * A place in a text that only moves forward. Every character that is looked at is counted in the meter, so "linear"
 * is a number that a test can read and not a hope.
 */
export type Meter = { steps: number }
export type Cursor = { readonly text: string; at: number; readonly meter: Meter }

export const cursorOn = (text: string, meter: Meter = { steps: 0 }): Cursor => ({ text, at: 0, meter })

/** Character classes of RFC 3261 §25.1, as one table of flags. */
const token = 1
const space = 2
const host = 4
const digit = 8
const flags = new Uint8Array(128)
const mark = (characters: string, flag: number) => {
  for (const character of characters) flags[character.charCodeAt(0)]! |= flag
}
const digits = '0123456789'
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
mark(digits + letters + "-.!%*_+`'~", token)
mark(digits + letters + '-._', host)
mark(digits, digit)
mark(' \t', space)

const has = (flag: number) => (code: number) => code < 128 && (flags[code]! & flag) !== 0
export const isToken = has(token)
export const isSpace = has(space)
export const isHost = has(host)
export const isDigit = has(digit)

export const atEnd = (cursor: Cursor) => cursor.at >= cursor.text.length
export const peek = (cursor: Cursor) => cursor.text[cursor.at]

/** Takes the longest run that fits; may be empty. */
export function take(cursor: Cursor, fits: (code: number) => boolean): string {
  const from = cursor.at
  while (cursor.at < cursor.text.length && fits(cursor.text.charCodeAt(cursor.at))) cursor.at++
  cursor.meter.steps += cursor.at - from + 1
  return cursor.text.slice(from, cursor.at)
}

export function skipSpace(cursor: Cursor): void {
  take(cursor, isSpace)
}

/** Takes one given character, with the white space around it. */
export function takeMark(cursor: Cursor, character: string): boolean {
  skipSpace(cursor)
  if (peek(cursor) !== character) return false
  cursor.at++
  skipSpace(cursor)
  return true
}

/** A quoted string, escapes undone; undefined when it does not close. The cursor stands on the opening quote. */
export function takeQuoted(cursor: Cursor): string | undefined {
  let read = ''
  let from = ++cursor.at
  for (; cursor.at < cursor.text.length; cursor.at++) {
    cursor.meter.steps++
    const character = cursor.text[cursor.at]
    if (character === '"') {
      read += cursor.text.slice(from, cursor.at++)
      return read
    }
    if (character === '\\') {
      read += cursor.text.slice(from, cursor.at++)
      from = cursor.at
    }
  }
  return undefined
}

/** `;name=value` pairs up to what is no parameter; undefined when one is malformed. Names in lower case. */
export function takeParams(cursor: Cursor): Map<string, string> | undefined {
  const params = new Map<string, string>()
  while (takeMark(cursor, ';')) {
    const name = take(cursor, isToken).toLowerCase()
    if (!name) return undefined
    const value = takeMark(cursor, '=') ? takeValue(cursor) : ''
    if (value === undefined) return undefined
    if (!params.has(name)) params.set(name, value)
    skipSpace(cursor)
  }
  return params
}

const endsValue = (code: number) => code <= 0x20 || code === 0x7f || ';,"<>'.includes(String.fromCharCode(code))

function takeValue(cursor: Cursor): string | undefined {
  if (peek(cursor) === '"') return takeQuoted(cursor)
  return take(cursor, (code) => !endsValue(code)) || undefined
}

/** A decimal number of at most `limit`; undefined for anything else, a longer one included. Never wraps. */
export function wholeNumber(text: string, limit: number): number | undefined {
  if (text.length === 0 || text.length > 32) return undefined
  for (let at = 0; at < text.length; at++) if (!isDigit(text.charCodeAt(at))) return undefined
  const value = Number(text)
  return value <= limit ? value : undefined
}
