/** Via: the way an answer goes back (RFC 3261 §18.2, rport of RFC 3581). */
import {
  atEnd,
  isToken,
  skipSpace,
  take,
  takeMark,
  takeParams,
  wholeNumber,
  type Cursor,
  isDigit,
  peek,
} from './cursor.ts'
import type { Via } from './message.ts'
import { hostPort, takeHostPort } from './uri.ts'

export const magicCookie = 'z9hG4bK'

/** A whole header of comma-separated Vias. */
export function takeVias(cursor: Cursor): Via[] | undefined {
  const all: Via[] = []
  do {
    const one = takeVia(cursor)
    if (!one) return undefined
    all.push(one)
  } while (takeMark(cursor, ','))
  return atEnd(cursor) ? all : undefined
}

function takeVia(cursor: Cursor): Via | undefined {
  skipSpace(cursor)
  if (take(cursor, isToken).toUpperCase() !== 'SIP' || !takeMark(cursor, '/')) return undefined
  if (take(cursor, isToken) !== '2.0' || !takeMark(cursor, '/')) return undefined
  const transport = take(cursor, isToken).toUpperCase()
  skipSpace(cursor)
  const where = transport ? takeSpacedHostPort(cursor) : undefined
  const params = where && takeParams(cursor)
  return where && params ? { transport, ...where, params } : undefined
}

/** The grammar allows white space around the colon of sent-by. */
function takeSpacedHostPort(cursor: Cursor): { host: string; port?: number } | undefined {
  const where = takeHostPort(cursor)
  if (!where || where.port !== undefined) return where
  skipSpace(cursor)
  if (peek(cursor) !== ':') return where
  takeMark(cursor, ':')
  const port = wholeNumber(take(cursor, isDigit), 65_535)
  return port ? { host: where.host, port } : undefined
}

export function formatVia({ transport, host, port, params }: Via): string {
  const written = [...params].map(([name, value]) => (value === '' ? `;${name}` : `;${name}=${paramValue(value)}`))
  return `SIP/2.0/${transport} ${hostPort(host, port)}${written.join('')}`
}

function paramValue(value: string): string {
  return /^[^\s";,<>\\]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
}

/** The top Via of an answer: where the request really came from, said the way its sender asked for. */
export function viaSeenFrom(via: Via, source: { host: string; port: number }): Via {
  const params = new Map(via.params)
  if (via.host !== source.host || params.has('rport')) params.set('received', source.host)
  if (params.has('rport')) params.set('rport', String(source.port))
  return { ...via, params }
}

/**
 * The port an answer goes to. With rport, or when the sender's own address is not the one we see (it stands behind a
 * translator, or wrote a name), the port the request came from; else the port it says it listens on.
 */
export function answerPort(via: Via, source: { host: string; port: number }): number {
  return via.params.has('rport') || via.host !== source.host ? source.port : (via.port ?? 5_060)
}

/** Whether the branch is one that names a transaction all by itself. */
export function hasOwnBranch(via: Via): boolean {
  const branch = via.params.get('branch') ?? ''
  return branch.length > magicCookie.length && branch.toLowerCase().startsWith(magicCookie.toLowerCase())
}
