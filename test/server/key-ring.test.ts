import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyRing, openKeyRing } from '../../server/key-ring.ts'

const aKey = () => randomBytes(32).toString('base64')
const [k1, k2] = [aKey(), aKey()]
const ring = keyRing({ current: 'k1', keys: { k1 } })

/** The sealed text's bytes, without its key's name. */
function partsOf(sealed: string): { keyId: string; parts: Buffer[] } {
  const [keyId = '', ...parts] = sealed.split('.')
  return { keyId, parts: parts.map((part) => Buffer.from(part, 'base64url')) }
}

const joined = (keyId: string, parts: readonly Buffer[]) =>
  [keyId, ...parts.map((part) => part.toString('base64url'))].join('.')

describe('what is sealed', () => {
  it('opens to the very same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (plain) => {
        expect(ring.open(ring.seal(plain))).toBe(plain)
      }),
    )
  })

  it('never looks the same twice, nor like the text', () => {
    const sealed = [ring.seal('13800138000'), ring.seal('13800138000')]
    expect(new Set(sealed).size).toBe(2)
    expect(sealed.join()).not.toContain('138')
  })

  it('does not open with any byte changed', () => {
    const { keyId, parts } = partsOf(ring.seal('13800138000'))
    for (const [at, part] of parts.entries())
      for (let byte = 0; byte < part.length; byte++) {
        const changed = parts.map((one) => Buffer.from(one))
        const target = changed[at]
        if (target) target[byte] = (target[byte] ?? 0) ^ 1
        expect(() => ring.open(joined(keyId, changed))).toThrow()
      }
  })

  it('does not open with a mark cut short', () => {
    const { keyId, parts } = partsOf(ring.seal('13800138000'))
    const [iv, text, tag] = parts
    if (!iv || !text || !tag) return expect.unreachable('three parts')
    for (const length of [0, 4, 8, 12, 15])
      expect(() => ring.open(joined(keyId, [iv, text, tag.subarray(0, length)]))).toThrow()
  })

  it.each(['', 'k1', 'k1...', 'k9.AAAA.AAAA.AAAA', '13800138000'])('is not what anybody makes up: %s', (text) => {
    expect(() => ring.open(text)).toThrow()
  })

  it('does not open with another key of the same name', () => {
    expect(() => keyRing({ current: 'k1', keys: { k1: k2 } }).open(ring.seal('13800138000'))).toThrow()
  })
})

describe('a ring with a newer key', () => {
  const both = keyRing({ current: 'k2', keys: { k1, k2 } })

  it('seals with the newer and still opens what the older sealed', () => {
    expect(both.seal('13800138000')).toMatch(/^k2\./)
    expect(both.open(ring.seal('13800138000'))).toBe('13800138000')
  })

  it('finds the same rows and knows the same tokens as before', () => {
    expect(both.lookupHash('visitor-1')).toEqual(ring.lookupHash('visitor-1'))
    expect(both.secret('visitor')).toEqual(ring.secret('visitor'))
    expect(both.secret('rating')).toEqual(ring.secret('rating'))
  })
})

it('derives a secret of its own for each purpose', () => {
  const secrets = [ring.secret('visitor'), ring.secret('rating'), ring.lookupHash(''), Buffer.from(k1, 'base64')]
  expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(secrets.length)
})

it('looks up stably, and two identifiers apart', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(ring.lookupHash(a).equals(ring.lookupHash(b))).toBe(a === b)
    }),
  )
})

describe('the file', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'budayang-test-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const written = (name: string, content: unknown) => {
    const file = join(folder, name)
    writeFileSync(file, JSON.stringify(content))
    return () => openKeyRing({ DATA_DIR: folder, KEY_FILE: file })
  }

  it('is made once, for its owner alone, whatever the umask', () => {
    const before = process.umask(0)
    try {
      const first = openKeyRing({ DATA_DIR: folder })
      const file = join(folder, 'keys', 'ring.json')
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect(statSync(join(folder, 'keys')).mode & 0o777).toBe(0o700)
      const content = readFileSync(file, 'utf8')
      expect(openKeyRing({ DATA_DIR: folder }).open(first.seal('还是我'))).toBe('还是我')
      expect(readFileSync(file, 'utf8')).toBe(content)
    } finally {
      process.umask(before)
    }
  })

  it('holds keys that differ from one installation to the next', () => {
    const made = ['a', 'b'].map((name) =>
      openKeyRing({ DATA_DIR: join(folder, name) })
        .secret('visitor')
        .toString('hex'),
    )
    expect(new Set(made).size).toBe(2)
  })

  it.each([
    ['an empty key', { current: 'k1', keys: { k1: '' } }],
    ['a short key', { current: 'k1', keys: { k1: randomBytes(16).toString('base64') } }],
    ['no key', { current: 'k1', keys: {} }],
    ['a current key that it does not hold', { current: 'k2', keys: { k1 } }],
    ['no current key', { keys: { k1 } }],
  ])('is refused at the start with %s', (what, content) => {
    expect(written(`${what}.json`, content)).toThrow()
  })
})
