/**
 * Digest credentials (RFC 7616, RFC 8760): reading and writing the header, and the sums. qop=auth only, MD5 and
 * SHA-256. Pure; who may still use which nonce is kept in nonces.ts.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { cursorOn, isToken, peek, skipSpace, take, takeMark, takeQuoted, atEnd } from './cursor.ts'

export const algorithms = ['SHA-256', 'MD5'] as const
export type Algorithm = (typeof algorithms)[number]

export type Credentials = { user: string; password: string }
/** The members of one Digest header, names in lower case. */
export type DigestFields = ReadonlyMap<string, string>

const isBare = (code: number) => code > 0x20 && code !== 0x2c

/** @returns undefined for another scheme or a malformed header. */
export function readDigest(value: string): DigestFields | undefined {
  const cursor = cursorOn(value)
  if (take(cursor, isToken).toLowerCase() !== 'digest') return undefined
  skipSpace(cursor)
  const fields = new Map<string, string>()
  do {
    const name = take(cursor, isToken).toLowerCase()
    if (!name || !takeMark(cursor, '=') || fields.has(name)) return undefined
    const read = peek(cursor) === '"' ? takeQuoted(cursor) : take(cursor, isBare) || undefined
    if (read === undefined) return undefined
    fields.set(name, read)
  } while (takeMark(cursor, ','))
  skipSpace(cursor)
  return atEnd(cursor) ? fields : undefined
}

export function algorithmOf(fields: DigestFields): Algorithm | undefined {
  const named = (fields.get('algorithm') ?? 'MD5').toUpperCase()
  return algorithms.find((one) => one === named)
}

type Sum = { algorithm: Algorithm; credentials: Credentials; realm: string; nonce: string; method: string; uri: string }
type Counted = { nc: string; cnonce: string }

export function digestOf({ algorithm, credentials, realm, nonce, method, uri }: Sum, counted?: Counted): string {
  const hash = (text: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex')
  const secret = hash(`${credentials.user}:${realm}:${credentials.password}`)
  const request = hash(`${method}:${uri}`)
  return hash(
    counted ? `${secret}:${nonce}:${counted.nc}:${counted.cnonce}:auth:${request}` : `${secret}:${nonce}:${request}`,
  )
}

/** Whether the credentials of a request are those of this user. Takes as long for a wrong answer as for a right one. */
export function isDigestRight(fields: DigestFields, method: string, credentials: Credentials): boolean {
  const algorithm = algorithmOf(fields)
  const field = (name: string) => fields.get(name) ?? ''
  if (!algorithm || field('qop').toLowerCase() !== 'auth' || !field('cnonce')) return false
  const sum = { algorithm, credentials, realm: field('realm'), nonce: field('nonce'), method, uri: field('uri') }
  const expected = Buffer.from(digestOf(sum, { nc: field('nc'), cnonce: field('cnonce') }))
  const given = Buffer.from(field('response').toLowerCase())
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`

export function writeChallenge(realm: string, nonce: string, algorithm: Algorithm, isStale: boolean): string {
  const stale = isStale ? ', stale=true' : ''
  return `Digest realm=${quote(realm)}, nonce=${quote(nonce)}, algorithm=${algorithm}, qop="auth"${stale}`
}

/**
 * Our answer to a peer's challenges: the strongest one that we can compute.
 * @returns undefined when there is none.
 */
export function answerChallenge(
  challenges: readonly string[],
  request: { method: string; uri: string; cnonce: string },
  credentials: Credentials,
): string | undefined {
  const readable = challenges.flatMap((challenge) => readDigest(challenge) ?? [])
  const [fields] = algorithms.flatMap((algorithm) => readable.filter((one) => algorithmOf(one) === algorithm))
  const algorithm = fields && algorithmOf(fields)
  if (!fields || !algorithm) return undefined
  const { method, uri, cnonce } = request
  const [realm, nonce, opaque] = ['realm', 'nonce', 'opaque'].map((name) => fields.get(name) ?? '')
  const offered = fields
    .get('qop')
    ?.split(',')
    .map((one) => one.trim().toLowerCase())
  if (offered && !offered.includes('auth')) return undefined
  const nc = '00000001'
  const sum = { algorithm, credentials, realm: realm ?? '', nonce: nonce ?? '', method, uri }
  const response = digestOf(sum, offered && { nc, cnonce })
  return [
    `Digest username=${quote(credentials.user)}`,
    `realm=${quote(realm ?? '')}`,
    `nonce=${quote(nonce ?? '')}`,
    `uri=${quote(uri)}`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
    ...(offered ? ['qop=auth', `nc=${nc}`, `cnonce=${quote(cnonce)}`] : []),
    ...(opaque ? [`opaque=${quote(opaque)}`] : []),
  ].join(', ')
}
