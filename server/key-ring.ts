/**
 * Keys that never enter the database: personal data at rest, keyed look-ups, tokens. A ring holds several keys;
 * every ciphertext names the one it was made with, so a new key can be added and old texts still open.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const keyBytes = 32
const ivBytes = 12
const tagBytes = 16
const key = z.base64().refine((text) => Buffer.from(text, 'base64').length === keyBytes, `a key has ${keyBytes} bytes`)
const ringSchema = z
  .object({ current: z.string(), keys: z.record(z.string().regex(/^\w+$/), key) })
  .refine((ring) => Object.hasOwn(ring.keys, ring.current), { path: ['current'], error: 'is not in the ring' })
type Ring = z.infer<typeof ringSchema>

export type KeyRing = ReturnType<typeof keyRing>

/** Reads the ring, and makes it on the very first start. @param file KEY_FILE, or DATA_DIR/keys/ring.json */
export function openKeyRing(settings: { DATA_DIR: string; KEY_FILE?: string }): KeyRing {
  const file = settings.KEY_FILE ?? join(settings.DATA_DIR, 'keys', 'ring.json')
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const ring: Ring = { current: 'k1', keys: { k1: randomBytes(keyBytes).toString('base64') } }
    writeFileSync(file, JSON.stringify(ring, null, 2), { mode: 0o600, flag: 'wx' })
    chmodSync(file, 0o600)
  }
  return keyRing(ringSchema.parse(JSON.parse(readFileSync(file, 'utf8'))))
}

export function keyRing(ring: Ring) {
  const derived = (keyId: string, purpose: string): Buffer => {
    const key = ring.keys[keyId]
    if (!key) throw new Error(`the key ring has no key ${keyId}`)
    return Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), '', purpose, keyBytes))
  }
  const sealing = new Map(Object.keys(ring.keys).map((id) => [id, derived(id, 'seal')]))
  // Look-ups and tokens must not change when a key is added, so they stay on the first.
  const firstId = Object.keys(ring.keys)[0] ?? ring.current
  const lookup = derived(firstId, 'lookup')

  return {
    /** AES-256-GCM; the result names its key: "k1.iv.text.tag". */
    seal(plain: string): string {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', sealing.get(ring.current) ?? derived(ring.current, 'seal'), iv)
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return [ring.current, ...[iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.')
    },

    /** @throws when the text was changed, or its key is gone. */
    open(sealed: string): string {
      const [keyId = '', iv = '', text = '', tag = ''] = sealed.split('.')
      const decipher = createDecipheriv(
        'aes-256-gcm',
        sealing.get(keyId) ?? derived(keyId, 'seal'),
        Buffer.from(iv, 'base64url'),
        // Without it Node takes a tag of four bytes as well, which is guessed soon enough.
        { authTagLength: tagBytes },
      )
      decipher.setAuthTag(Buffer.from(tag, 'base64url'))
      return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8')
    },

    /** The same for a file: one byte of length, the key's name, iv, tag, text. */
    sealBytes(plain: Buffer): Buffer {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', sealing.get(ring.current) ?? derived(ring.current, 'seal'), iv)
      const sealed = [cipher.update(plain), cipher.final()]
      return Buffer.concat([
        Buffer.from([ring.current.length]),
        Buffer.from(ring.current, 'latin1'),
        iv,
        cipher.getAuthTag(),
        ...sealed,
      ])
    },

    /** @throws when a byte was changed, or its key is gone. */
    openBytes(sealed: Buffer): Buffer {
      const ivAt = 1 + (sealed[0] ?? 0)
      const [tagAt, textAt] = [ivAt + ivBytes, ivAt + ivBytes + tagBytes]
      const keyId = sealed.toString('latin1', 1, ivAt)
      const decipher = createDecipheriv(
        'aes-256-gcm',
        sealing.get(keyId) ?? derived(keyId, 'seal'),
        sealed.subarray(ivAt, tagAt),
        { authTagLength: tagBytes },
      )
      decipher.setAuthTag(sealed.subarray(tagAt, textAt))
      return Buffer.concat([decipher.update(sealed.subarray(textAt)), decipher.final()])
    },

    /** Finds a row by an identifier without keeping the identifier. */
    lookupHash(identifier: string): Buffer {
      return createHmac('sha256', lookup).update(identifier).digest()
    },

    /** A secret of its own for each purpose. */
    secret: (purpose: 'visitor' | 'rating') => derived(firstId, purpose),
  }
}
