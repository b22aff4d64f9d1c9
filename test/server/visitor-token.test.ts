import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { visitorTokens } from '../../server/visitor-token.ts'

const tokens = visitorTokens(randomBytes(32))
const now = new Date('2026-11-22T03:00:00Z')
const daysLater = (days: number) => new Date(now.getTime() + days * 24 * 3_600_000)

it('names the visitor that it was made for, for 180 days', () => {
  const { token, visitorId } = tokens.issue(now)
  expect(tokens.read(token, now)).toBe(visitorId)
  expect(tokens.read(token, daysLater(179.9))).toBe(visitorId)
  expect(tokens.read(token, daysLater(180))).toBeUndefined()
})

it('gives every visitor another one', () => {
  const made = Array.from({ length: 100 }, () => tokens.issue(now).visitorId)
  expect(new Set(made).size).toBe(100)
})

it('refuses a pass with any one character changed, added or left out', () => {
  const { token } = tokens.issue(now)
  for (let at = 0; at < token.length; at++) {
    const other = token[at] === 'b' ? 'c' : 'b'
    expect(tokens.read(token.slice(0, at) + other + token.slice(at + 1), now)).toBeUndefined()
    expect(tokens.read(token.slice(0, at) + token.slice(at + 1), now)).toBeUndefined()
  }
  for (const added of ['a', '.', '.a', ' ', '\u0000']) {
    expect(tokens.read(token + added, now)).toBeUndefined()
    expect(tokens.read(added + token, now)).toBeUndefined()
  }
})

it('refuses a longer life and another visitor under the same mark', () => {
  const [id, until = '', mark] = tokens.issue(now).token.split('.')
  const later = (parseInt(until, 36) + 1_000).toString(36)
  expect(tokens.read(`${id}.${later}.${mark}`, now)).toBeUndefined()
  expect(tokens.read(`${randomUUID()}.${until}.${mark}`, now)).toBeUndefined()
})

it('refuses what another installation made', () => {
  expect(tokens.read(visitorTokens(randomBytes(32)).issue(now).token, now)).toBeUndefined()
})

it('refuses whatever anybody makes up, and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('', '.', '..', '...')), (made) => {
      expect(tokens.read(made, now)).toBeUndefined()
    }),
  )
})
