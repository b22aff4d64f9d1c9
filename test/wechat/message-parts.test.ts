import fc from 'fast-check'
import { expect, it } from 'vitest'
import { messageParts } from '../../wechat/message-parts.ts'

it('loses nothing, never cuts a character, and fits every part', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.integer({ min: 4, max: 200 }), (text, most) => {
      const parts = messageParts(text, most)
      expect(parts.join('')).toBe(text)
      for (const part of parts) {
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(most)
        expect(Buffer.from(part).toString('utf8')).toBe(part)
      }
    }),
  )
})

it('cuts 3,000 bytes of Chinese where a sentence ends', () => {
  const text = '参保人在备案地就医，可以直接结算。'.repeat(60)
  const parts = messageParts(text)
  expect(parts).toHaveLength(2)
  expect(parts[0]?.endsWith('。')).toBe(true)
  expect(parts.join('')).toBe(text)
})
