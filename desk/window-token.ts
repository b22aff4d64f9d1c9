/**
 * What a QR code at a window leads to: a rating that is nobody's yet. 128 bits of chance name it, so that it is given once,
 * and it cannot be made without our key; nothing is stored until somebody rates.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

const macBytes = 16
const uuidBytes = 16
const openMs = 30 * 60_000

export type WindowTicket = { ratingId: string; windowId: string; closesAt: Date }

/** @param secret at least 32 bytes, the same on every node. */
export function windowTokens(secret: Buffer) {
  const macOf = (body: Buffer) =>
    createHmac('sha256', secret).update('window:').update(body).digest().subarray(0, macBytes)
  return {
    /** @param ratingId a random UUID, made for this ticket alone. */
    make(ratingId: string, windowId: string, now: Date): string {
      const until = Buffer.alloc(6)
      until.writeUIntBE(now.getTime() + openMs, 0, 6)
      const body = Buffer.concat([bytesOf(ratingId), bytesOf(windowId), until])
      return Buffer.concat([body, macOf(body)]).toString('base64url')
    },

    /** @returns undefined for whatever we did not make; a ticket whose time is over is returned all the same. */
    read(token: string): WindowTicket | undefined {
      const bytes = Buffer.from(token, 'base64url')
      const length = 2 * uuidBytes + 6
      if (bytes.length !== length + macBytes || bytes.toString('base64url') !== token) return undefined
      const body = bytes.subarray(0, length)
      if (!timingSafeEqual(bytes.subarray(length), macOf(body))) return undefined
      return {
        ratingId: uuidOf(body.subarray(0, uuidBytes)),
        windowId: uuidOf(body.subarray(uuidBytes, 2 * uuidBytes)),
        closesAt: new Date(body.readUIntBE(2 * uuidBytes, 6)),
      }
    },
  }
}
export type WindowTokens = ReturnType<typeof windowTokens>

const bytesOf = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex')
const uuidOf = (bytes: Buffer) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
