import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { waitRangeWords } from '../../contract/wait.ts'
import { leastServed, places, rangeOf, type InLine, type Pace } from '../../desk/queue.ts'

const none = { phone: 0, web: 0, wechat: 0 }
/** Twenty taken in an hour by two agents who are both still there. */
const measured: Pace = {
  ...{ served: 20, servers: 2, overSeconds: 3_600, usualWaitSeconds: 40, online: 2, room: none },
  averageSeconds: 300,
}
const line = (...ids: string[]): InLine[] => ids.map((conversationId) => ({ conversationId, channel: 'web' }))

const counts = fc.record({ phone: fc.nat(5), web: fc.nat(20), wechat: fc.nat(20) })
const paces: fc.Arbitrary<Pace> = fc.record({
  served: fc.nat(200),
  servers: fc.integer({ min: 1, max: 50 }),
  overSeconds: fc.nat(3_600),
  usualWaitSeconds: fc.nat(1_800),
  online: fc.nat(50),
  room: counts,
  averageSeconds: fc.integer({ min: 10, max: 3_600 }),
})
const lines = fc
  .array(fc.constantFrom('phone', 'web', 'wechat'), { maxLength: 40 })
  .map((channels) => channels.map((channel, n): InLine => ({ conversationId: String(n), channel })))

describe('the place', () => {
  it('is counted from 1, and an empty queue has none', () => {
    expect(places(line('a', 'b', 'c'), measured).map(({ place }) => place)).toEqual([1, 2, 3])
    expect(places([], measured)).toEqual([])
  })
})

describe('the time', () => {
  it('follows the pace of this queue: 20 in an hour is one every three minutes', () => {
    const [first, , third] = places(line('a', 'b', 'c'), measured)
    expect(first).toMatchObject({ waitSeconds: 180, range: { from: 0, to: 8 } })
    expect(third).toMatchObject({ waitSeconds: 540, range: { from: 3, to: 15 } })
  })

  it('is soon where there is room, as soon as others were taken', () => {
    const room = { ...none, web: 2 }
    expect(places(line('a', 'b', 'c'), { ...measured, room }).map(({ range }) => range?.from)).toEqual([0, 0, 0])
    expect(rangeOf(0, measured)).toEqual({ from: 0, to: 1 })
    expect(rangeOf(0, { ...measured, usualWaitSeconds: 400 })).toEqual({ from: 0, to: 8 })
  })

  it('is not told where too few were taken to know, or nobody is there to take anybody', () => {
    expect(rangeOf(1, { ...measured, served: leastServed - 1 })).toBeUndefined()
    expect(rangeOf(1, { ...measured, online: 0 })).toBeUndefined()
  })

  it('halves when twice as many are there', () => {
    const [alone] = places(line('a'), measured)
    const [helped] = places(line('a'), { ...measured, online: 4 })
    expect(helped?.waitSeconds).toBe((alone?.waitSeconds ?? 0) / 2)
  })

  it('never shrinks further behind on the same channel, whatever the pace', () => {
    fc.assert(
      fc.property(lines, paces, (waiting, pace) => {
        const all = places(waiting, pace)
        for (const channel of ['phone', 'web', 'wechat'] as const) {
          const mine = all.filter((_, n) => waiting[n]?.channel === channel)
          mine.forEach((one, n) => {
            const before = mine[n - 1]
            if (!before) return
            expect(one.waitSeconds).toBeGreaterThanOrEqual(before.waitSeconds)
            expect(one.range?.to ?? 0).toBeGreaterThanOrEqual(before.range?.to ?? 0)
          })
        }
      }),
    )
  })

  it('is a range around its guess, told for all or for none, and never shorter with fewer at the desk', () => {
    fc.assert(
      fc.property(lines, paces, (waiting, pace) => {
        const all = places(waiting, pace)
        expect(new Set(all.map(({ range }) => range !== undefined)).size).toBeLessThanOrEqual(1)
        for (const { range, waitSeconds } of all) {
          expect(Number.isFinite(waitSeconds) && waitSeconds >= 0).toBe(true)
          if (!range) continue
          expect(range.from).toBeGreaterThanOrEqual(0)
          expect(range.from * 60).toBeLessThanOrEqual(waitSeconds + 1)
          expect(range.to * 60).toBeGreaterThanOrEqual(waitSeconds - 1)
        }
        const fewer = places(waiting, { ...pace, online: Math.max(1, pace.online - 1) })
        if (pace.online > 1)
          all.forEach((one, n) => expect(fewer[n]?.waitSeconds).toBeGreaterThanOrEqual(one.waitSeconds))
      }),
    )
  })
})

describe('the words', () => {
  it('name a range, one number where both ends are the same, and no number where nothing is known', () => {
    expect(waitRangeWords({ from: 3, to: 8 })).toBe('大约还要等 3 到 8 分钟')
    expect(waitRangeWords({ from: 0, to: 5 })).toBe('大约还要等 1 到 5 分钟')
    expect(waitRangeWords({ from: 5, to: 5 })).toBe('大约还要等 5 分钟')
    expect(waitRangeWords({ from: 0, to: 1 })).toBe('很快就到您')
    expect(waitRangeWords({ from: 60, to: 120 })).toBe('可能要等一个小时以上')
    expect(waitRangeWords(undefined)).toBe('')
  })
})
