import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { giveRatingSchema } from '../../contract/rating.ts'
import { ratingTokens } from '../../desk/rating-token.ts'

const tokens = ratingTokens(Buffer.alloc(32, 7))

it('reads back what it made, and the contract takes it', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      const token = tokens.make(id)
      expect(token).toHaveLength(43)
      expect(tokens.read(token)).toBe(id)
      expect(giveRatingSchema.safeParse({ token, level: 5 }).success).toBe(true)
    }),
  )
})

it('reads no token with one sign changed, added or left out', () => {
  const token = tokens.make(randomUUID())
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  for (let i = 0; i < token.length; i++) {
    for (const sign of alphabet) {
      if (sign === token[i]) continue
      expect(tokens.read(token.slice(0, i) + sign + token.slice(i + 1))).toBeUndefined()
    }
    expect(tokens.read(token.slice(0, i) + token.slice(i + 1))).toBeUndefined()
  }
  for (const spoiled of [`${token}=`, `${token}A`, ` ${token}`, '']) expect(tokens.read(spoiled)).toBeUndefined()
})

it('reads no token made with another key', () => {
  expect(tokens.read(ratingTokens(randomBytes(32)).make(randomUUID()))).toBeUndefined()
})
