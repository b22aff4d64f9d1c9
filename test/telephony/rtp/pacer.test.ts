import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lateness } from '../../../telephony/rtp/lateness.ts'
import { pacer, type Beat } from '../../../telephony/rtp/pacer.ts'
import { fakeClock } from './fake-clock.ts'

function aPacer() {
  const clock = fakeClock()
  const bugs: unknown[] = []
  const paced = pacer(clock, (error) => bugs.push(error))
  return { clock, bugs, join: (beat: Beat) => paced.join(beat), stats: () => paced.stats() }
}

it('beats every member every 20 ms and drifts by nothing in an hour', () => {
  const { clock, join } = aPacer()
  const at: number[] = []
  join(() => at.push(clock.nowMs()))
  clock.pass(3_600_000)
  expect(at.length).toBeGreaterThanOrEqual(180_000)
  expect(at.length).toBeLessThanOrEqual(180_001)
  const firstAt = at[0] ?? NaN
  expect(
    Math.max(...at.slice(-1_000).map((ms, i) => Math.abs(ms - firstAt - (at.length - 1_000 + i) * 20))),
  ).toBeLessThan(2)
})

it('shares the members out over four phases of 5 ms', () => {
  const { clock, join } = aPacer()
  const at: number[][] = Array.from({ length: 8 }, () => [])
  for (const mine of at) join(() => mine.push(Math.round(clock.nowMs())))
  clock.pass(45)
  clock.pass(200)
  const phases = at.map((mine) => ((mine.at(-1) ?? NaN) + 20_000) % 20)
  expect(phases.slice(0, 4)).toEqual(phases.slice(4))
  expect(new Set(phases).size).toBe(4)
})

it('never sends two frames of a member within 10 ms, however the process stumbles, and owes nothing in the end', () => {
  const stumbles = fc.array(fc.record({ run: fc.nat(90), stall: fc.nat(400) }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(stumbles, (all) => {
      const { clock, join, stats } = aPacer()
      const startedMs = clock.nowMs()
      const at: number[] = []
      let skipped = 0
      join((lost) => {
        skipped += lost
        at.push(clock.nowMs())
      })
      for (const { run, stall } of all) {
        clock.pass(run)
        clock.stall(stall)
      }
      clock.pass(500)
      for (const [i, ms] of at.entries()) if (i > 0) expect(ms - (at[i - 1] ?? 0)).toBeGreaterThanOrEqual(9.5)
      const wanted = (clock.nowMs() - startedMs) / 20
      expect(Math.abs(at.length + skipped - wanted)).toBeLessThanOrEqual(1.1)
      expect(stats().skippedRounds).toBe(skipped)
    }),
  )
})

it('makes up for a short hold-up without losing a frame', () => {
  const { clock, join, stats } = aPacer()
  let beats = 0
  join(() => beats++)
  clock.pass(1_000)
  const before = beats
  clock.stall(55)
  clock.pass(945)
  expect(beats - before).toBe(50)
  expect(stats().skippedRounds).toBe(0)
})

it('stands still while nobody is in, and begins anew', () => {
  const { clock, join, stats } = aPacer()
  const leave = join(() => {})
  clock.pass(100)
  leave()
  leave()
  expect(clock.timers()).toBe(0)
  expect(stats().members).toBe(0)
  clock.stall(5_000)
  let skipped = 0
  join((lost) => (skipped += lost))
  clock.pass(100)
  expect(clock.timers()).toBe(1)
  expect(skipped).toBe(0)
})

it('keeps the others going when one throws, or leaves in the middle of a beat', () => {
  const { clock, join, bugs } = aPacer()
  let beats = 0
  for (let i = 0; i < 4; i++) join(() => {})
  const leave = join(() => {
    leave()
    throw new Error('a fault of one call')
  })
  for (let i = 0; i < 8; i++) join(() => beats++)
  clock.pass(1_000)
  expect(bugs).toHaveLength(1)
  expect(beats).toBeGreaterThanOrEqual(8 * 50)
})

it('tells how late ticks come, of the last seconds alone', () => {
  const late = lateness(1_000)
  expect(late.quantile(0.99)).toBe(0)
  for (let i = 0; i < 99; i++) late.note(0.25, i)
  late.note(500, 99)
  expect(late.quantile(0.5)).toBeCloseTo(0.3)
  expect(late.quantile(0.999)).toBeGreaterThanOrEqual(100)
  for (let i = 0; i < 100; i++) late.note(1, 2_000 + 20 * i)
  late.note(1, 5_000)
  expect(late.quantile(0.999)).toBeCloseTo(1.1)
  expect(late.worstMs()).toBe(500)
})
