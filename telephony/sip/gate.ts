/**
 * What a request is refused for before anybody asks who sent it (RFC 3261 §8.2). Pure, and answered without memory.
 */
import { headerOf, listOf, type Request } from './message.ts'
import type { Answer } from './writer.ts'

export const allowedMethods = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'INFO',
  'UPDATE',
  'REFER',
  'NOTIFY',
  'REGISTER',
] as const
const knownMethods: readonly string[] = [...allowedMethods, 'MESSAGE', 'SUBSCRIBE', 'PUBLISH', 'PRACK']

const supported: readonly string[] = ['timer']
export const allowHeader = ['allow', allowedMethods.join(', ')] as const
export const supportedHeader = ['supported', supported.join(', ')] as const
const acceptHeader = ['accept', 'application/sdp'] as const

/** @returns undefined when there is nothing against it. */
export function refusedAtTheGate(request: Request): Answer | undefined {
  const { method } = request
  if (!knownMethods.includes(method)) return { status: 501 }
  if (!allowedMethods.some((allowed) => allowed === method)) return { status: 405, headers: [allowHeader] }
  if (request.target.kind !== 'sip') return { status: 416 }
  if (method === 'REGISTER' && request.to.uri.kind !== 'sip') return { status: 416 }
  if (method === 'ACK' || method === 'CANCEL') return undefined
  const unknown = listOf(request, 'require').filter((extension) => !supported.includes(extension))
  if (unknown.length > 0) return { status: 420, headers: [['unsupported', unknown.join(', ')]] }
  return method === 'INVITE' || method === 'UPDATE' ? refusedForItsBody(request) : undefined
}

function refusedForItsBody(request: Request): Answer | undefined {
  if (request.method === 'INVITE' && request.contacts.length !== 1)
    return { status: 400, reason: 'One Contact, please' }
  const type = mediaType(headerOf(request, 'content-type') ?? '')
  if (request.body.length > 0 && type !== 'application/sdp')
    return type ? { status: 415, headers: [acceptHeader] } : { status: 400, reason: 'Content-Type' }
  const encodings = listOf(request, 'content-encoding').filter((encoding) => encoding !== 'identity')
  if (encodings.length > 0) return { status: 415, headers: [acceptHeader, ['accept-encoding', 'identity']] }
  const accepted = listOf(request, 'accept').map(mediaType)
  const canTakeSdp = ['application/sdp', 'application/*', '*/*'].some((one) => accepted.includes(one))
  return request.headers.some(({ name }) => name === 'accept') && !canTakeSdp ? { status: 406 } : undefined
}

/** A media type without its parameters. */
export const mediaType = (value: string) => (value.split(';', 1)[0] ?? '').trim().toLowerCase()
