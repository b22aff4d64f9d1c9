/**
 * The nonces of our challenges. A nonce carries its own time and seal, so a challenge costs no memory; only one that
 * was used rightly is remembered, with the highest count seen, and a count is never taken twice.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const lifeMs = 5 * 60_000
const maxRemembered = 20_000

export type NonceState = 'fresh' | 'stale' | 'foreign'

export function nonces(secret: Buffer = randomBytes(32)) {
  const counts = new Map<string, { highest: number; forgetAt: number }>()
  const seal = (text: string) => createHmac('sha256', secret).update(text).digest('base64url').slice(0, 24)

  function forget(now: number): void {
    for (const [nonce, { forgetAt }] of counts) {
      if (forgetAt > now && counts.size <= maxRemembered) break // kept in the order of their making
      counts.delete(nonce)
    }
  }

  return {
    make(now: number): string {
      const text = `${now.toString(36)}.${randomBytes(9).toString('base64url')}`
      return `${text}.${seal(text)}`
    },

    /** Stale: ours, and too old or its count was used before. A stale one is worth a new try with the same password. */
    look(nonce: string, count: string, now: number): NonceState {
      const at = nonce.lastIndexOf('.')
      const given = Buffer.from(nonce.slice(at + 1))
      const expected = Buffer.from(seal(nonce.slice(0, at)))
      if (at < 1 || given.length !== expected.length || !timingSafeEqual(given, expected)) return 'foreign'
      const age = now - parseInt(nonce.split('.', 1)[0] ?? '', 36)
      if (!(age >= 0 && age <= lifeMs) || !/^[0-9a-f]{8}$/i.test(count)) return 'stale'
      return parseInt(count, 16) > (counts.get(nonce)?.highest ?? 0) ? 'fresh' : 'stale'
    },

    /** To be called once the password was right. */
    use(nonce: string, count: string, now: number): void {
      counts.set(nonce, { highest: parseInt(count, 16), forgetAt: counts.get(nonce)?.forgetAt ?? now + lifeMs })
      forget(now)
    },

    remembered: () => counts.size,
  }
}

export type Nonces = ReturnType<typeof nonces>
