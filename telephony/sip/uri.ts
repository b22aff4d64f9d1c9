/**
 * Addresses. A sip URI is taken apart; any other scheme is kept as it came. `text` is the sender's own spelling,
 * escapes and all, because two spellings that decode alike are two addresses (RFC 3261 §19.1.4).
 */
import { isIP } from 'node:net'
import { atEnd, cursorOn, isHost, isToken, peek, take, wholeNumber, type Cursor, type Meter } from './cursor.ts'

export type Params = ReadonlyMap<string, string>

export type SipUri = {
  kind: 'sip'
  scheme: 'sip' | 'sips'
  text: string
  /** Escapes kept. */
  user: string
  host: string
  port?: number
  params: Params
  /** What follows `?`, unread. */
  headers: string
}
export type OtherUri = { kind: 'other'; scheme: string; text: string }
export type Uri = SipUri | OtherUri

const isForbidden = (code: number) => code <= 0x20 || code === 0x7f || code === 0x3c || code === 0x3e || code === 0x22
const isLetter = (code: number) => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a

/** @returns undefined for what is no URI: no scheme, white space, quotes or brackets inside, no host, a bad port. */
export function parseUri(text: string, meter: Meter = { steps: 0 }): Uri | undefined {
  const cursor = cursorOn(text, meter)
  if (take(cursor, (code) => !isForbidden(code)).length !== text.length) return undefined
  const colon = text.indexOf(':')
  if (colon < 1 || colon === text.length - 1 || !isLetter(text.charCodeAt(0))) return undefined
  cursor.at = 0
  if (take(cursor, (code) => code !== 0x3a && isToken(code)).length !== colon) return undefined
  cursor.at = colon + 1
  const scheme = text.slice(0, colon).toLowerCase()
  return scheme === 'sip' || scheme === 'sips' ? sipUri(cursor, scheme) : { kind: 'other', scheme, text }
}

function sipUri(cursor: Cursor, scheme: 'sip' | 'sips'): SipUri | undefined {
  const { text } = cursor
  const at = text.indexOf('@')
  let user = ''
  if (at >= 0) {
    user = text.slice(cursor.at, at).split(':', 1)[0] ?? ''
    if (!user) return undefined
    cursor.at = at + 1
  }
  const where = takeHostPort(cursor)
  if (!where) return undefined
  const params = uriParams(cursor)
  if (!params) return undefined
  const headers = peek(cursor) === '?' ? text.slice(cursor.at + 1) : ''
  return { kind: 'sip', scheme, text, user, ...where, params, headers }
}

/** A host and, after a colon, a port. Brackets of an IPv6 address are taken off. */
export function takeHostPort(cursor: Cursor): { host: string; port?: number } | undefined {
  const host = takeHost(cursor)
  if (!host) return undefined
  if (peek(cursor) !== ':') return { host }
  cursor.at++
  const port = wholeNumber(
    take(cursor, (code) => code >= 0x30 && code <= 0x39),
    65_535,
  )
  return port ? { host, port } : undefined
}

function takeHost(cursor: Cursor): string | undefined {
  if (peek(cursor) !== '[') return take(cursor, isHost).toLowerCase() || undefined
  cursor.at++
  const address = take(cursor, (code) => code !== 0x5d && !isForbidden(code))
  if (peek(cursor) !== ']' || isIP(address) !== 6) return undefined
  cursor.at++
  return address.toLowerCase()
}

const isUriParam = (code: number) => code !== 0x3b && code !== 0x3f && code !== 0x3d

function uriParams(cursor: Cursor): Map<string, string> | undefined {
  const params = new Map<string, string>()
  while (peek(cursor) === ';') {
    cursor.at++
    const name = take(cursor, isUriParam).toLowerCase()
    if (!name) return undefined
    let value = ''
    if (peek(cursor) === '=') {
      cursor.at++
      value = take(cursor, (code) => code !== 0x3b && code !== 0x3f)
    }
    if (!params.has(name)) params.set(name, value)
  }
  return atEnd(cursor) || peek(cursor) === '?' ? params : undefined
}

/** The user as a person would read it. Escapes that make no text stay escaped, and so does %00. */
export function userOf(uri: Uri): string {
  const user = uri.kind === 'sip' ? uri.user : uri.scheme === 'tel' ? uri.text.slice(4).split(';', 1)[0]! : ''
  if (/%00/.test(user)) return user
  try {
    return decodeURIComponent(user)
  } catch {
    return user
  }
}

/** As a host stands in a URI or a Via. */
export const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host)

export const hostPort = (host: string, port: number | undefined) =>
  port === undefined ? bracketed(host) : `${bracketed(host)}:${port}`
