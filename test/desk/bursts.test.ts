import fc from 'fast-check'
import { expect, it } from 'vitest'
import { burstLeast, isBurst, pastDays } from '../../desk/bursts.ts'

it('is no burst under five, whatever was before', () => {
  fc.assert(
    fc.property(fc.nat(burstLeast - 1), fc.nat(500), (lately, before) => {
      expect(isBurst({ lately, before })).toBe(false)
    }),
  )
})

it.each([
  [5, 0, true],
  [8, 3 * pastDays, false],
  [12, 3 * pastDays, true],
  [40, 30 * pastDays, false],
  [200, 30 * pastDays, true],
])('%i in an hour with %i before in four weeks: %s', (lately, before, burst) => {
  expect(isBurst({ lately, before })).toBe(burst)
})

it('stays a burst when more ask, and is none the sooner when more asked before', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.nat(3_000), fc.nat(50), (lately, before, more) => {
      if (isBurst({ lately, before })) expect(isBurst({ lately: lately + more, before })).toBe(true)
      else expect(isBurst({ lately, before: before + more })).toBe(false)
    }),
  )
})
