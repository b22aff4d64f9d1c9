/**
 * Bytes to a message (RFC 3261 §7, §25). One pass, bounded in every direction, so a hostile message costs no more
 * than an honest one of its size. Never throws: what is not understood comes back as a `Refusal`.
 */
import { atEnd, cursorOn, isSpace, isToken, skipSpace, take, wholeNumber, type Meter } from './cursor.ts'
import { longName, onlyOnce } from './header-names.ts'
import type { Fields, Header, Message, NameAddr, Refusal, Via } from './message.ts'
import { takeNameAddr, takeNameAddrs } from './name-addr.ts'
import { parseUri } from './uri.ts'
import { takeVias } from './via.ts'

/** Bytes of a datagram, of a head and of a body; lines of a head; characters of a line once its folds are undone. */
export const messageBounds = { datagram: 8_192, head: 8_192, body: 8_192, lines: 256, line: 4_096 }

const maxCSeq = 2 ** 31 - 1
const endOfHead = Buffer.from('\r\n\r\n')

type Start = { method: string; uri: string } | { status: number; reason: string }

/**
 * @param bytes one datagram, or one message cut out of a stream. Empty lines before it are let pass; bytes past its
 * Content-Length are ignored.
 */
export function parseMessage(bytes: Buffer, meter: Meter = { steps: 0 }): Message | Refusal {
  let from = 0
  while (bytes[from] === 0x0d && bytes[from + 1] === 0x0a) from += 2
  const found = bytes.indexOf(endOfHead, from)
  const end = found < 0 ? bytes.length : found
  if (end - from > messageBounds.head) return drop('head too long')
  const lines = bytes.toString('utf8', from, end).split('\r\n')
  meter.steps += end - from
  if (lines.length > messageBounds.lines) return drop('too many lines')

  const startLine = lines[0] ?? ''
  const headers = readHeaders(lines, meter)
  const known = headers.read
  const isResponse = /^SIP\//i.test(startLine)
  const method = isResponse ? '' : (startLine.split(' ', 1)[0] ?? '')
  const refuse = (why: string, status = 400): Refusal => {
    const canBeTold = !isResponse && method !== 'ACK' && known.some(({ name }) => name === 'via')
    return canBeTold ? { kind: 'refusal', why, status, method, headers: known } : drop(why)
  }

  const start = readStart(startLine, isResponse, meter)
  if ('why' in start) return refuse(start.why, start.status)
  if (headers.why) return refuse(headers.why)
  if (found < 0) return refuse('no end of head')
  const fields = readFields(known, meter)
  if (typeof fields === 'string') return refuse(fields)
  const body = readBody(bytes.subarray(end + endOfHead.length), known)
  if (typeof body === 'string') return refuse(body)
  if ('status' in start) return { kind: 'response', ...start, headers: known, body, ...fields }

  if (fields.cseq.method !== start.method) return refuse('CSeq names another method')
  if (fields.everyContact && start.method !== 'REGISTER') return refuse('Contact is *')
  const target = parseUri(start.uri, meter)
  if (!target) return refuse('Request-URI')
  if (target.kind === 'sip' && target.headers) return refuse('Request-URI with headers')
  return { kind: 'request', ...start, target, headers: known, body, ...fields }
}

const drop = (why: string): Refusal => ({ kind: 'refusal', why, headers: [] })

function readStart(line: string, isResponse: boolean, meter: Meter): Start | { why: string; status?: number } {
  meter.steps += line.length
  if (isResponse) {
    const [version, code = '', ...reason] = line.split(' ')
    const status = wholeNumber(code, 699)
    const isStatus = code.length === 3 && status !== undefined && status >= 100
    if (version?.toUpperCase() !== 'SIP/2.0' || !isStatus) return { why: 'status line' }
    return { status, reason: reason.join(' ') }
  }
  const parts = line.split(' ')
  const [method = '', uri = '', version = ''] = parts
  if (parts.length !== 3 || !isAll(method, isToken, meter)) return { why: 'request line' }
  if (/^SIP\/\d{1,3}\.\d{1,3}$/i.test(version) && version.toUpperCase() !== 'SIP/2.0')
    return { why: 'version', status: 505 }
  return version.toUpperCase() === 'SIP/2.0' ? { method, uri } : { why: 'request line' }
}

function isAll(text: string, fits: (code: number) => boolean, meter: Meter): boolean {
  return text !== '' && take(cursorOn(text, meter), fits).length === text.length
}

/** Undoes the folds. Reads on after a fault, so that the answer can name the transaction. */
function readHeaders(lines: readonly string[], meter: Meter): { read: Header[]; why?: string } {
  const read: Header[] = []
  let why: string | undefined
  for (let at = 1; at < lines.length; at++) {
    const folded = [lines[at] ?? '']
    while (at + 1 < lines.length && isSpace((lines[at + 1] ?? '').charCodeAt(0)))
      folded.push((lines[++at] ?? '').trim())
    const line = folded.join(' ')
    meter.steps += line.length
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trimEnd()
    if (line.length > messageBounds.line) why ??= 'line too long'
    else if (/[\r\n]/.test(line)) why ??= 'bare line end'
    else if (!isAll(name, isToken, meter)) why ??= 'header line'
    else read.push({ name: longName(name), value: line.slice(colon + 1).trim() })
  }
  return { read, why }
}

function readFields(headers: readonly Header[], meter: Meter): Fields | string {
  const values = (name: string) => headers.filter((header) => header.name === name).map((header) => header.value)
  const twice = onlyOnce.find((name) => values(name).length > 1)
  if (twice) return `${twice} more than once`
  const value = (name: string) => values(name)[0]

  const [top, ...otherVias] = every(values('via'), (text) => takeVias(cursorOn(text, meter))) ?? []
  if (!top) return 'Via'
  const from = address(value('from'), meter)
  if (!from) return 'From'
  const to = address(value('to'), meter)
  if (!to) return 'To'
  const callId = value('call-id')
  if (!callId || /\s/.test(callId)) return 'Call-ID'
  const cseq = readCSeq(value('cseq'), meter)
  if (!cseq) return 'CSeq'
  if (value('max-forwards') !== undefined && wholeNumber(value('max-forwards') ?? '', 255) === undefined)
    return 'Max-Forwards'

  const addresses = (name: string) => every(values(name), (text) => takeNameAddrs(cursorOn(text, meter)))
  const everyContact = values('contact').length === 1 && value('contact') === '*'
  const contacts = everyContact ? [] : addresses('contact')
  if (!contacts) return 'Contact'
  const routes = addresses('route')
  if (!routes) return 'Route'
  const recordRoutes = addresses('record-route')
  if (!recordRoutes) return 'Record-Route'
  const vias: readonly [Via, ...Via[]] = [top, ...otherVias]
  return { vias, from, to, callId, cseq, contacts, everyContact, routes, recordRoutes }
}

/** All members of all headers of one name; undefined as soon as one is malformed. */
function every<T>(values: readonly string[], read: (text: string) => readonly T[] | undefined): T[] | undefined {
  const all: T[] = []
  for (const value of values) {
    const members = read(value)
    if (!members) return undefined
    for (const member of members) all.push(member)
  }
  return all
}

function address(value: string | undefined, meter: Meter): NameAddr | undefined {
  const cursor = cursorOn(value ?? '', meter)
  const read = takeNameAddr(cursor)
  return atEnd(cursor) ? read : undefined
}

function readCSeq(value: string | undefined, meter: Meter): Fields['cseq'] | undefined {
  const cursor = cursorOn(value ?? '', meter)
  const number = wholeNumber(
    take(cursor, (code) => code > 0x20),
    maxCSeq,
  )
  skipSpace(cursor)
  const method = take(cursor, isToken)
  return number !== undefined && method && atEnd(cursor) ? { number, method } : undefined
}

function readBody(rest: Buffer, headers: readonly Header[]): Buffer | string {
  const length = headers.find(({ name }) => name === 'content-length')?.value
  if (length === undefined) return rest
  const bytes = wholeNumber(length, Number.MAX_SAFE_INTEGER)
  if (bytes === undefined) return 'Content-Length'
  return bytes > rest.length ? 'shorter than its Content-Length' : rest.subarray(0, bytes)
}
