import fc from 'fast-check'
import { expect, it } from 'vitest'
import { capSamples, playBuffer, targetSamples } from '../../../admin/call/play-buffer.ts'

/** Samples numbered from `first` on, so that each can be told from every other and from silence. */
const numbered = (first: number, count: number) => Float32Array.from({ length: count }, (_, i) => first + i)
const taken = (buffer: ReturnType<typeof playBuffer>, count: number) =>
  Array.from({ length: count }, () => buffer.take())

it('plays silence until 60 ms lie ready, then everything in order', () => {
  const buffer = playBuffer()
  buffer.put(numbered(1, 320))
  expect(taken(buffer, 100)).toEqual(new Array(100).fill(0))
  buffer.put(numbered(321, 160))
  expect(targetSamples).toBe(480)
  expect(taken(buffer, 480)).toEqual([...numbered(1, 480)])
  expect(buffer.stats()).toEqual({ ranDry: 0, dropped: 0, silent: 0, waiting: 0 })
})

it('waits for 60 ms again after it ran dry', () => {
  const buffer = playBuffer()
  buffer.put(numbered(1, 480))
  taken(buffer, 480)
  expect(buffer.take()).toBe(0)
  buffer.put(numbered(481, 160))
  expect(buffer.take()).toBe(0)
  expect(buffer.stats()).toMatchObject({ ranDry: 1, silent: 2, waiting: 160 })
  buffer.put(numbered(641, 320))
  expect(buffer.take()).toBe(481)
})

it('drops the oldest of a late heap and goes on from 60 ms', () => {
  const buffer = playBuffer()
  buffer.put(numbered(1, 1_280))
  expect(buffer.stats()).toMatchObject({ dropped: 0, waiting: 1_280 })
  buffer.put(numbered(1_281, 1))
  expect(buffer.stats()).toMatchObject({ dropped: 801, waiting: 480 })
  expect(buffer.take()).toBe(802)
})

it('never doubles, reorders or invents a sample, and never keeps more than 160 ms, whatever the network does', () => {
  const step = fc.oneof(
    fc.record({ put: fc.integer({ min: 0, max: 2_000 }) }),
    fc.record({ take: fc.integer({ min: 0, max: 600 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const buffer = playBuffer()
      let put = 0
      let lastHeard = 0
      let heard = 0
      for (const one of steps) {
        if ('put' in one) {
          buffer.put(numbered(put + 1, one.put))
          put += one.put
        } else {
          for (const sample of taken(buffer, one.take)) {
            if (sample === 0) continue
            expect(sample).toBeGreaterThan(lastHeard)
            expect(sample).toBeLessThanOrEqual(put)
            lastHeard = sample
            heard++
          }
        }
        const { waiting, dropped } = buffer.stats()
        expect(waiting).toBeLessThanOrEqual(capSamples)
        expect(heard + dropped + waiting).toBe(put)
      }
    }),
  )
})
