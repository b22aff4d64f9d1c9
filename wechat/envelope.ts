/**
 * The sealed envelope of WeChat's callbacks: signature, AES-256-CBC, PKCS#7 to 32 bytes, and an id at the end.
 *
 * Invariant: whatever is wrong with an envelope is told in one way, `undefined`; who sends forged ones learns nothing
 * of how far they came. The library opens without looking at padding and length; what it opened is sealed again, and
 * only the very same bytes are taken. Source: developers.weixin.qq.com, 消息加解密说明.
 */
import { timingSafeEqual } from 'node:crypto'
import { decrypt, encrypt, getSignature } from '@wecom/crypto'

/** `id`: the appid, or the corpid of a company. `aesKey`: 43 characters, as the platform shows it. */
export type EnvelopeKeys = { token: string; aesKey: string; id: string }
export type Stamp = { timestamp: string; nonce: string }

/** @param sealed what is signed with the stamp; '' for the bare stamp of plain mode and of the verification. */
export function isSigned(token: string, { timestamp, nonce }: Stamp, signature: string, sealed = ''): boolean {
  const wanted = Buffer.from(getSignature(token, timestamp, nonce, sealed))
  const given = Buffer.from(signature)
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}

/** @returns the text, or nothing where anything at all is not as it must be. */
export function openEnvelope({ aesKey, id }: EnvelopeKeys, sealed: string): string | undefined {
  try {
    const opened = decrypt(aesKey, sealed)
    if (opened.id !== id) return undefined
    const again = encrypt(aesKey, opened.message, id, opened.random)
    return Buffer.from(again, 'base64').equals(Buffer.from(sealed, 'base64')) ? opened.message : undefined
  } catch {
    return undefined
  }
}

/** @param random 16 bytes; chosen by the library where none are given. */
export function sealEnvelope(keys: EnvelopeKeys, text: string, stamp: Stamp, random?: Buffer) {
  const sealed = encrypt(keys.aesKey, text, keys.id, random)
  return { sealed, signature: getSignature(keys.token, stamp.timestamp, stamp.nonce, sealed) }
}
