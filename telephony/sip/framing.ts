/**
 * Messages out of a byte stream (RFC 3261 §18.3): pieces in, whole messages out. However the stream is cut, the
 * messages are the same, and each byte is looked at a bounded number of times. A framing is used up by the next one.
 */
import { longName } from './header-names.ts'
import { wholeNumber } from './cursor.ts'
import { messageBounds } from './parser.ts'

/** What has arrived and is not yet whole; `scanned` bytes of it hold no end of head. */
export type Framing = { held: Buffer; used: number; scanned: number; head?: { end: number; bodyBytes: number } }
export type Framed = {
  framing: Framing
  messages: Buffer[]
  /** Double CRLFs, each to be answered by one (RFC 5626 §3.5.1). */
  pings: number
  /** The stream cannot be followed any further. `message` is the head that broke it, for an answer. */
  broken?: { why: string; message?: Buffer }
}

export const noFraming: Framing = { held: Buffer.alloc(0), used: 0, scanned: 0 }

const endOfHead = Buffer.from('\r\n\r\n')

export function frame(before: Framing, piece: Buffer): Framed {
  const framing = append(before, piece)
  const out: Framed = { framing, messages: [], pings: 0 }
  while (framing.used > 0 && !out.broken) {
    if (!framing.head && skipLineEnds(framing, out)) continue
    if (!framing.head) findHead(framing, out)
    const size = framing.head && framing.head.end + framing.head.bodyBytes
    if (size === undefined || framing.used < size) break
    out.messages.push(Buffer.from(framing.held.subarray(0, size)))
    consume(framing, size)
  }
  return out
}

function append(before: Framing, piece: Buffer): Framing {
  const used = before.used + piece.length
  let held = before.held
  if (used > held.length) {
    held = Buffer.allocUnsafe(Math.max(used, held.length * 2, 1_024))
    before.held.copy(held, 0, 0, before.used)
  }
  piece.copy(held, before.used)
  return { ...before, held, used }
}

function consume(framing: Framing, bytes: number): void {
  framing.held = framing.held.subarray(bytes) // a view: copying what is left would make many small messages quadratic
  framing.used -= bytes
  framing.scanned = 0
  framing.head = undefined
}

/** True when something was skipped. A lone CR waits for its LF. */
function skipLineEnds(framing: Framing, out: Framed): boolean {
  const { held, used } = framing
  if (used < 2 || held[0] !== 0x0d || held[1] !== 0x0a) return false
  const isPing = used >= 4 && held[2] === 0x0d && held[3] === 0x0a
  const maybePing = used === 2 || (used === 3 && held[2] === 0x0d)
  if (maybePing) return false
  if (isPing) out.pings++
  consume(framing, isPing ? 4 : 2)
  return true
}

function findHead(framing: Framing, out: Framed): void {
  const stream = framing.held.subarray(0, framing.used)
  const found = stream.indexOf(endOfHead, Math.max(0, framing.scanned - 3))
  framing.scanned = framing.used
  if (found < 0) {
    if (framing.used > messageBounds.head) out.broken = { why: 'head too long' }
    return
  }
  const end = found + endOfHead.length
  if (end > messageBounds.head) {
    out.broken = { why: 'head too long' }
    return
  }
  const message = Buffer.from(stream.subarray(0, end))
  const bodyBytes = lengthIn(message.toString('latin1'))
  if (bodyBytes === undefined) out.broken = { why: 'Content-Length', message }
  else if (bodyBytes > messageBounds.body) out.broken = { why: 'body too long', message }
  else framing.head = { end, bodyBytes }
}

/** On a stream the length is no option: without exactly one that can be read, where the next message begins is a guess. */
function lengthIn(head: string): number | undefined {
  const lengths = head.split('\r\n').flatMap((line) => {
    const colon = line.indexOf(':')
    return colon > 0 && longName(line.slice(0, colon).trimEnd()) === 'content-length'
      ? [line.slice(colon + 1).trim()]
      : []
  })
  return lengths.length === 1 ? wholeNumber(lengths[0] ?? '', Number.MAX_SAFE_INTEGER) : undefined
}
