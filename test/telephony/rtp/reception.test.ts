import fc from 'fast-check'
import { expect, it } from 'vitest'
import { reception } from '../../../telephony/rtp/reception.ts'

it('counts losses across the wrap of the sequence', () => {
  fc.assert(
    fc.property(fc.nat(0xffff), fc.array(fc.boolean(), { maxLength: 300 }), (first, arrives) => {
      const heard = reception()
      const kept = [true, ...arrives, true]
      kept.forEach((isKept, i) => isKept && heard.note((first + i) & 0xffff, i * 160, i * 20))
      expect(heard.sum()).toMatchObject({
        received: kept.filter(Boolean).length,
        lost: kept.filter((isKept) => !isKept).length,
      })
    }),
  )
})

it('counts nothing lost when packets are only swapped', () => {
  const heard = reception()
  for (const sequence of [10, 12, 11, 13, 15, 14, 16]) heard.note(sequence, sequence * 160, sequence * 20)
  expect(heard.sum()).toMatchObject({ received: 7, lost: 0 })
})

it('counts a new stream on top of the one before it', () => {
  const heard = reception()
  for (const sequence of [1, 2, 4]) heard.note(sequence, sequence * 160, sequence * 20)
  heard.restart()
  for (const sequence of [60_000, 60_002]) heard.note(sequence, sequence * 160, sequence * 20)
  expect(heard.sum()).toMatchObject({ received: 5, lost: 2 })
})

it('takes a leap of the sequence for a restart', () => {
  const heard = reception()
  for (const sequence of [1, 2, 30_000, 30_001]) heard.note(sequence, sequence * 160, sequence * 20)
  expect(heard.sum()).toMatchObject({ received: 4, lost: 0 })
})

it('measures no jitter on an even line, and some on an uneven one', () => {
  const [even, uneven] = [reception(), reception()]
  for (let i = 0; i < 500; i++) {
    even.note(i, i * 160, i * 20)
    uneven.note(i, i * 160, i * 20 + (i % 2) * 10)
  }
  expect(even.sum().jitterMs).toBe(0)
  expect(uneven.sum().jitterMs).toBeGreaterThan(9)
  expect(uneven.sum().jitterMs).toBeLessThan(11)
})
