/**
 * How we and the SMS service know each other's requests: `t=SECONDS,v1=HEX`, an HMAC-SHA-256 of "SECONDS.BODY" under the
 * secret that both hold. A request that is old is refused, so that nobody can send one again much later.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

export const signatureHeader = 'x-budayang-signature'
const freshWithinSeconds = 300

export function signature(secret: string, body: string | Buffer, now: Date): string {
  const at = Math.floor(now.getTime() / 1_000)
  return `t=${at},v1=${mac(secret, at, body).toString('hex')}`
}

export function isSigned(given: string | undefined, secret: string, body: Buffer, now: Date): boolean {
  const found = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(given ?? '')
  if (!found) return false
  const [, at = '', hex = ''] = found
  const isFresh = Math.abs(now.getTime() / 1_000 - Number(at)) <= freshWithinSeconds
  return timingSafeEqual(mac(secret, Number(at), body), Buffer.from(hex, 'hex')) && isFresh
}

const mac = (secret: string, at: number, body: string | Buffer) =>
  createHmac('sha256', secret).update(`${at}.`).update(body).digest()
