import { describe, expect, it } from 'vitest'
import { answerChallenge, digestOf, isDigestRight, readDigest, writeChallenge } from '../../../telephony/sip/digest.ts'
import { nonces } from '../../../telephony/sip/nonces.ts'

/** The example of RFC 7616 §3.9.1. */
const rfc = {
  credentials: { user: 'Mufasa', password: 'Circle of Life' },
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  method: 'GET',
  uri: '/dir/index.html',
}
const counted = { nc: '00000001', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' }

describe('digest credentials', () => {
  it('give the sums of the RFC', () => {
    expect(digestOf({ ...rfc, algorithm: 'MD5' }, counted)).toBe('8ca523f5e9506fed4657c9700eebdbec')
    expect(digestOf({ ...rfc, algorithm: 'SHA-256' }, counted)).toBe(
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    )
  })

  it('answer the strongest challenge that there is, and are right', () => {
    const challenges = [
      writeChallenge('r', 'n', 'MD5', false),
      writeChallenge('r', 'n', 'SHA-256', false),
      'Basic realm="r"',
    ]
    const credentials = { user: '客服"1', password: 'p' }
    const value = answerChallenge(challenges, { method: 'INVITE', uri: 'sip:a@b', cnonce: 'c' }, credentials) ?? ''
    const fields = readDigest(value)
    expect(fields?.get('algorithm')).toBe('SHA-256')
    expect(fields?.get('username')).toBe('客服"1')
    expect(fields && isDigestRight(fields, 'INVITE', credentials)).toBe(true)
    expect(fields && isDigestRight(fields, 'REGISTER', credentials)).toBe(false)
    expect(fields && isDigestRight(fields, 'INVITE', { ...credentials, password: 'q' })).toBe(false)
  })

  it.each([
    'Basic abc',
    'Digest',
    'Digest a=',
    'Digest a="b',
    'Digest a="b", a="c"',
    'Digest a=b,,c=d',
    '',
    'Digest a=b; c',
  ])('are not read from %j', (value) => {
    expect(readDigest(value)).toBeUndefined()
  })

  it('without qop=auth are never right', () => {
    const fields = new Map(readDigest('Digest username="u", realm="r", nonce="n", uri="sip:a", response="x"'))
    fields.set('response', digestOf({ ...rfc, algorithm: 'MD5', credentials: { user: 'u', password: 'p' } }))
    expect(isDigestRight(fields, 'INVITE', { user: 'u', password: 'p' })).toBe(false)
  })
})

describe('a nonce', () => {
  const now = Date.UTC(2025, 0, 1)

  it('is fresh for five minutes, and only if we made it', () => {
    const issued = nonces()
    const nonce = issued.make(now)
    expect(issued.look(nonce, '00000001', now + 299_000)).toBe('fresh')
    expect(issued.look(nonce, '00000001', now + 301_000)).toBe('stale')
    expect(issued.look(nonce, '00000001', now - 1)).toBe('stale')
    expect(nonces().look(nonce, '00000001', now)).toBe('foreign')
    expect(issued.look(`1${nonce}`, '00000001', now)).toBe('foreign')
    for (const odd of ['', '.', 'a.b', nonce.slice(0, -1)]) expect(issued.look(odd, '00000001', now)).toBe('foreign')
  })

  it('takes each count once and only upwards', () => {
    const issued = nonces()
    const nonce = issued.make(now)
    issued.use(nonce, '00000002', now)
    expect(issued.look(nonce, '00000002', now)).toBe('stale')
    expect(issued.look(nonce, '00000001', now)).toBe('stale')
    expect(issued.look(nonce, '00000003', now)).toBe('fresh')
    for (const odd of ['3', '', 'zzzzzzzz', '000000003']) expect(issued.look(nonce, odd, now)).toBe('stale')
  })

  it('is forgotten when it is over', () => {
    const issued = nonces()
    for (let n = 0; n < 100; n++) issued.use(issued.make(now + n), '00000001', now + n)
    issued.use(issued.make(now + 600_000), '00000001', now + 600_000)
    expect(issued.remembered()).toBe(1)
  })
})
