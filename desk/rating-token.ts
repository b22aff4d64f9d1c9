/**
 * The token that a citizen rates with: 43 characters that name one rating and cannot be made without our key.
 * It is single-use because the rating is given once (desk/ratings.store.ts), so nothing about it is stored.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

const macBytes = 16

/** @param secret at least 32 bytes, the same on every node. */
export function ratingTokens(secret: Buffer) {
  const macOf = (id: Buffer) => createHmac('sha256', secret).update('rating:').update(id).digest().subarray(0, macBytes)
  return {
    make(ratingId: string): string {
      const id = Buffer.from(ratingId.replaceAll('-', ''), 'hex')
      return Buffer.concat([id, macOf(id)]).toString('base64url')
    },

    /** @returns undefined for whatever we did not make. */
    read(token: string): string | undefined {
      const bytes = Buffer.from(token, 'base64url')
      // The decoder forgives stray characters and spare bits; one rating has one token.
      if (bytes.length !== 16 + macBytes || bytes.toString('base64url') !== token) return undefined
      const id = bytes.subarray(0, 16)
      if (!timingSafeEqual(bytes.subarray(16), macOf(id))) return undefined
      return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    },
  }
}
export type RatingTokens = ReturnType<typeof ratingTokens>
