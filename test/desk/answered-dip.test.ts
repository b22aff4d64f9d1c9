import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isDip } from '../../desk/answered-dip.ts'

const limits = { below: 0.9, leastCalls: 20 }

it.each([
  ['a share under the limit', false, { part: 17, whole: 20 }, true],
  ['the limit itself', false, { part: 18, whole: 20 }, false],
  ['one call of one missed', false, { part: 0, whole: 1 }, false],
  ['just above the limit after a dip', true, { part: 91, whole: 100 }, true],
  ['two points above the limit after a dip', true, { part: 92, whole: 100 }, false],
  ['a quiet night after a dip', true, { part: 3, whole: 3 }, true],
  ['no call at all', false, { part: 0, whole: 0 }, false],
])('%s', (_what, was, calls, is) => {
  expect(isDip(was, calls, limits)).toBe(is)
})

it('begins only under the limit, ends only above it, and can always end', () => {
  const calls = fc.nat(300).chain((whole) => fc.record({ whole: fc.constant(whole), part: fc.nat(whole) }))
  const anyLimits = fc.record({
    below: fc.double({ min: 0, max: 1, noNaN: true }),
    leastCalls: fc.integer({ min: 1, max: 50 }),
  })
  fc.assert(
    fc.property(fc.boolean(), calls, anyLimits, (was, now, given) => {
      const is = isDip(was, now, given)
      if (was !== is) expect(now.whole).toBeGreaterThanOrEqual(given.leastCalls)
      if (!was && is) expect(now.part / now.whole).toBeLessThan(given.below)
      if (was && !is) expect(now.part / now.whole).toBeGreaterThanOrEqual(given.below)
      expect(isDip(true, { part: 300, whole: 300 }, given)).toBe(false)
    }),
  )
})
