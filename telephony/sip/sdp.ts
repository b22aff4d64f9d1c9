/**
 * Offer and answer (RFC 3264, RFC 8866) for what the hotline speaks: one G.711 audio stream and telephone-events.
 * Every other stream of an offer is refused by port 0, in its place. Reading never throws.
 */
import { isIP } from 'node:net'
import { parse, type MediaLines, type SessionLines } from 'sdp-transform'

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'
export type Codec = { name: 'PCMA' | 'PCMU'; payload: number }

/** The peer's audio stream. `codecs` in the peer's order; none means that we have no codec in common. */
export type Audio = {
  host: string
  port: number
  codecs: readonly Codec[]
  /** Payload type of telephone-event/8000, when the peer takes keys that way. */
  keysPayload?: number
  /** As the peer said it. A connection address of 0.0.0.0, the old way to hold, reads as inactive. */
  direction: Direction
  ptimeMs?: number
}
export type RemoteSdp = { kind: 'sdp'; audio?: Audio; streams: readonly Stream[] }
export type Unreadable = { kind: 'unreadable'; why: string }
type Stream = { type: string; protocol: string; payloads: string; isAudio: boolean }

/** Where we take audio. `version` goes up by one whenever we say something new (RFC 3264 §8). */
export type LocalMedia = { host: string; port: number; sessionId: number; version: number; direction?: Direction }

const bounds = { bytes: 8_192, lines: 256, line: 1_024, streams: 16 }
const directions: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive']

export function readSdp(body: Buffer): RemoteSdp | Unreadable {
  if (body.length > bounds.bytes) return unreadable('too long')
  const lines = body
    .toString('utf8')
    .split(/\r\n|\n/)
    .filter((line) => line !== '')
  if (lines.length > bounds.lines || lines.some((line) => line.length > bounds.line)) return unreadable('too long')
  if (lines.some((line) => !/^[a-zA-Z]=/.test(line))) return unreadable('a line is no type=value')
  if (lines[0] !== 'v=0') return unreadable('version')
  const session = parse(lines.join('\r\n'))
  if (!session.origin) return unreadable('origin')
  if (session.media.length === 0 || session.media.length > bounds.streams) return unreadable('media')
  return understood(session)
}

const unreadable = (why: string): Unreadable => ({ kind: 'unreadable', why })

function understood(session: SessionLines): RemoteSdp | Unreadable {
  const streams: Stream[] = []
  let audio: Audio | undefined
  for (const media of session.media) {
    const port = Number(media.port)
    if (!media.type || !media.protocol || !Number.isInteger(port) || port > 65_535) return unreadable('media line')
    const canTake = media.type === 'audio' && media.protocol === 'RTP/AVP' && port > 0 && !audio
    const read = canTake ? readAudio(media, session, port) : undefined
    if (read?.host === '') return unreadable('connection')
    audio ??= read
    const payloads = String(media.payloads ?? '0')
    streams.push({ type: media.type, protocol: media.protocol, payloads, isAudio: read !== undefined })
  }
  return { kind: 'sdp', audio, streams }
}

/** An empty host when the description names none. */
function readAudio(media: MediaLines, session: SessionLines, port: number): Audio {
  const host = String((media.connection ?? session.connection)?.ip ?? '').split('/', 1)[0] ?? ''
  const isHeld = host === '0.0.0.0' || host === '::'
  const said = media.direction ?? session.direction
  const direction = isHeld ? 'inactive' : (directions.find((one) => one === said) ?? 'sendrecv')
  const payloads = String(media.payloads ?? '')
    .split(' ')
    .map(Number)
    .filter((payload) => Number.isInteger(payload) && payload >= 0 && payload <= 127)
  const nameOf = (payload: number) => {
    const mapped = media.rtp.find((line) => Number(line.payload) === payload)
    // The library makes a number of a name of digits, whatever its types say.
    if (mapped) return Number(mapped.rate ?? 8_000) === 8_000 ? String(mapped.codec).toUpperCase() : ''
    return payload === 0 ? 'PCMU' : payload === 8 ? 'PCMA' : ''
  }
  const codecs = payloads.flatMap((payload): Codec[] => {
    const name = nameOf(payload)
    return name === 'PCMA' || name === 'PCMU' ? [{ name, payload }] : []
  })
  const keysPayload = payloads.find((payload) => nameOf(payload) === 'TELEPHONE-EVENT')
  const ptime = Number(media.ptime)
  return {
    host: isIP(host) || /^[a-z0-9][a-z0-9.-]*$/i.test(host) ? host : '',
    port,
    codecs,
    keysPayload,
    direction,
    ptimeMs: ptime > 0 && ptime <= 200 ? ptime : undefined,
  }
}

/** An offer of A-law, mu-law and telephone-events. */
export function makeOffer(local: LocalMedia): string {
  return write(local, [
    `m=audio ${local.port} RTP/AVP 8 0 101`,
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:0 PCMU/8000',
    ...keys(101),
    'a=ptime:20',
    `a=${local.direction ?? 'sendrecv'}`,
  ])
}

/**
 * The answer to an offer: its first codec that we speak, its own payload numbers, its hold answered in kind.
 * @returns undefined when nothing of it can be taken; that is a 488.
 */
export function makeAnswer(offer: RemoteSdp, local: LocalMedia): string | undefined {
  const { audio } = offer
  const codec = audio?.codecs[0]
  if (!audio || !codec) return undefined
  const ours = [
    `m=audio ${local.port} RTP/AVP ${[codec.payload, ...(audio.keysPayload === undefined ? [] : [audio.keysPayload])].join(' ')}`,
    `a=rtpmap:${codec.payload} ${codec.name}/8000`,
    ...(audio.keysPayload === undefined ? [] : keys(audio.keysPayload)),
    'a=ptime:20',
    `a=${meet(audio.direction, local.direction ?? 'sendrecv')}`,
  ]
  return write(
    local,
    offer.streams.flatMap((stream) =>
      stream.isAudio
        ? ours
        : [`m=${stream.type} 0 ${stream.protocol} ${stream.payloads.replace(/[^\w *-]/g, '') || '0'}`],
    ),
  )
}

const keys = (payload: number) => [`a=rtpmap:${payload} telephone-event/8000`, `a=fmtp:${payload} 0-16`]

/** What we may do, given what they do and what we would like (RFC 3264 §6.1). */
export function meet(theirs: Direction, wish: Direction): Direction {
  const weSend = theirs !== 'sendonly' && theirs !== 'inactive' && wish !== 'recvonly' && wish !== 'inactive'
  const weHear = theirs !== 'recvonly' && theirs !== 'inactive' && wish !== 'sendonly' && wish !== 'inactive'
  return weSend ? (weHear ? 'sendrecv' : 'sendonly') : weHear ? 'recvonly' : 'inactive'
}

function write(local: LocalMedia, media: readonly string[]): string {
  const family = isIP(local.host) === 6 ? 'IP6' : 'IP4'
  return [
    'v=0',
    `o=hotline ${local.sessionId} ${local.version} IN ${family} ${local.host}`,
    's=-',
    `c=IN ${family} ${local.host}`,
    't=0 0',
    ...media,
    '',
  ].join('\r\n')
}
