/**
 * A message to bytes, and the answers to requests. Nothing that stands in a value can begin a new line: control
 * characters become blanks here, whoever put them there.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { spell } from './header-names.ts'
import type { Header, Lines, Refusal, Request, RequestLines, ResponseLines } from './message.ts'
import { formatVia, magicCookie, viaSeenFrom } from './via.ts'

export type HeaderPair = readonly [name: string, value: string]

const oneLine = (text: string) => text.replace(/\p{Cc}+/gu, ' ')

export function writeMessage(message: Lines): Buffer {
  const start =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`
  const lines = message.headers
    .filter(({ name }) => name !== 'content-length')
    .map(({ name, value }) => `${spell(name)}: ${oneLine(value)}`)
  const head = [oneLine(start), ...lines, `Content-Length: ${message.body.length}`, '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head), message.body])
}

export const newBranch = () => magicCookie + randomBytes(12).toString('hex')
export const newTag = () => randomBytes(8).toString('hex')
export const newCallId = () => randomBytes(16).toString('hex')

export function requestLines(method: string, uri: string, headers: readonly HeaderPair[], body = ''): RequestLines {
  return { kind: 'request', method, uri, headers: toHeaders(headers), body: Buffer.from(body) }
}

const toHeaders = (pairs: readonly HeaderPair[]): Header[] => pairs.map(([name, value]) => ({ name, value }))

export type Answer = { status: number; reason?: string; headers?: readonly HeaderPair[]; body?: string; toTag?: string }
type Source = { host: string; port: number }

/**
 * The answer to a request: its Vias with the source noted in the first, From, To, Call-ID and CSeq repeated, and for
 * answers that make a dialog the Record-Routes.
 */
export function answerLines(request: Request, source: Source, answer: Answer): ResponseLines {
  const [top, ...others] = request.vias
  const vias = [viaSeenFrom(top, source), ...others].map((via) => ['via', formatVia(via)] as const)
  const repeated = request.headers
    .filter(({ name }) => name === 'from' || name === 'to' || name === 'call-id' || name === 'cseq')
    .map(({ name, value }) => [name, name === 'to' ? tagged(value, request, answer.toTag) : value] as const)
  const isDialogMaker = request.method === 'INVITE' && answer.status > 100 && answer.status < 300
  const routes = request.headers.filter(({ name }) => isDialogMaker && name === 'record-route')
  const headers = [...vias, ...routes.map(({ name, value }) => [name, value] as const), ...repeated]
  return response(answer, [...headers, ...(answer.headers ?? [])])
}

function tagged(value: string, request: Request, tag: string | undefined): string {
  return tag === undefined || request.to.params.has('tag') ? value : `${value};tag=${tag}`
}

/** The answer to a request that could not be read: its own words back, as they came. */
export function refusalLines(refusal: Refusal, status: number, toTag: string): ResponseLines {
  const vias = refusal.headers.filter(({ name }) => name === 'via')
  const firsts = ['from', 'to', 'call-id', 'cseq'].flatMap(
    (wanted) => refusal.headers.find(({ name }) => name === wanted) ?? [],
  )
  const headers = firsts.map(({ name, value }) =>
    name === 'to' && !/;\s*tag\s*=/i.test(value) ? { name, value: `${value};tag=${toTag}` } : { name, value },
  )
  return { ...response({ status, reason: refusal.why }, []), headers: [...vias, ...headers] }
}

function response(answer: Answer, headers: readonly HeaderPair[]): ResponseLines {
  const reason = answer.reason ?? reasons[answer.status] ?? 'Unknown'
  const body = Buffer.from(answer.body ?? '')
  return { kind: 'response', status: answer.status, reason, headers: toHeaders(headers), body }
}

/** A To tag that needs no memory: the same request gets the same tag (RFC 3261 §8.2.7). */
export function statelessTag(secret: Buffer, ...facts: string[]): string {
  return createHmac('sha256', secret).update(facts.join('\n')).digest('hex').slice(0, 16)
}

const reasons: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  202: 'Accepted',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  415: 'Unsupported Media Type',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  422: 'Session Interval Too Small',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  489: 'Bad Event',
  491: 'Request Pending',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'Version Not Supported',
  513: 'Message Too Large',
  603: 'Decline',
}
