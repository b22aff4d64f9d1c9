/** A console that nobody sits at is signed out; one where somebody sits tells the server so, and not too often. */
import { expect, it } from 'vitest'
import { countdown, nextStep, tellEveryMs, warnMs } from '../../../admin/shell/idleness.ts'

const minute = 60_000
const limit = 30 * minute

it('tells the server of somebody at once, then once a minute', () => {
  expect(nextStep({ endsAt: limit, toldAt: 0, isUntold: true }, tellEveryMs)).toBe('tell')
  expect(nextStep({ endsAt: limit, toldAt: minute, isUntold: true }, minute + tellEveryMs - 1)).toBe('rest')
  expect(nextStep({ endsAt: limit, toldAt: minute, isUntold: true }, minute + tellEveryMs)).toBe('tell')
})

it('rests while nobody does anything, until the end is near', () => {
  const left = { endsAt: limit, toldAt: 0, isUntold: false }
  expect(nextStep(left, limit - warnMs - 1)).toBe('rest')
  expect(nextStep(left, limit - warnMs)).toBe('ask')
  expect(nextStep(left, limit)).toBe('over')
})

it('lets whoever comes back within the warning stay, however lately they were told of', () => {
  expect(nextStep({ endsAt: limit, toldAt: limit - warnMs - 1, isUntold: true }, limit - warnMs)).toBe('tell')
})

it('counts down in minutes and seconds', () => {
  expect([120_000, 65_000, 64_001, 900, 0, -5].map(countdown)).toEqual(['2:00', '1:05', '1:05', '0:01', '0:00', '0:00'])
})
