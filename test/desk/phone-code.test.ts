import fc from 'fast-check'
import { expect, it } from 'vitest'
import { codeText, judge, maySend, mostTries } from '../../desk/phone-code.ts'

const now = new Date('2026-11-22T12:00:00+08:00')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000)

it('lets a minute pass between two codes, three in ten minutes here, five in a day to one number', () => {
  const sent = (ofConversation: number[], ofNumber = ofConversation) =>
    maySend({ ofConversation: ofConversation.map(ago), ofNumber: ofNumber.map(ago) }, now)
  expect(sent([])).toBe('yes')
  expect(sent([59])).toBe('too_soon')
  expect(sent([60])).toBe('yes')
  expect(sent([], [30])).toBe('too_soon')
  expect(sent([120, 240, 599])).toBe('too_many')
  expect(sent([120, 240, 600])).toBe('yes')
  expect(sent([], [3_600, 7_200, 10_800, 14_400, 86_399])).toBe('too_many')
  expect(sent([], [3_600, 7_200, 10_800, 14_400, 86_400])).toBe('yes')
})

it('takes no code that is old, used or tried five times, and never more than one right answer', () => {
  const code = fc.record({
    secondsLeft: fc.integer({ min: -600, max: 300 }),
    tries: fc.integer({ min: 0, max: mostTries }),
    isUsed: fc.boolean(),
  })
  fc.assert(
    fc.property(code, fc.boolean(), ({ secondsLeft, tries, isUsed }, matches) => {
      const verdict = judge({ expiresAt: ago(-secondsLeft), tries, isUsed }, matches, now)
      const isOpen = secondsLeft > 0 && tries < mostTries && !isUsed
      expect(verdict).toBe(isOpen ? (matches ? 'right' : 'wrong') : 'over')
    }),
  )
})

it('says what the code is for, and to leave it when nobody asked', () => {
  expect(codeText('淮北医保', '012345')).toContain('【淮北医保】验证码 012345，5 分钟内有效')
  expect(codeText('淮北医保', '012345')).toContain('不要理会')
})
