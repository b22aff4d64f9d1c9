import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jitterBuffer, type FrameKind } from '../../../telephony/rtp/jitter-buffer.ts'

type Arrival = { index: number; atMs: number }
const firstTimestamp = 0xffff_fb00 // wraps after eight packets

/** Packet `index` holds a byte that names it. */
const payloadOf = (index: number, length = 160) => new Uint8Array(length).fill((index % 200) + 1)
const timestampOf = (index: number) => (firstTimestamp + index * 160) >>> 0

/** Plays arrivals against a 20 ms clock. @returns what was taken, frame by frame. */
function listen(arrivals: readonly Arrival[], untilMs: number) {
  const buffer = jitterBuffer()
  const coming = [...arrivals].sort((one, other) => one.atMs - other.atMs)
  const taken: { kind: FrameKind; bytes: Uint8Array }[] = []
  for (let nowMs = 5; nowMs < untilMs; nowMs += 20) {
    for (let next = coming[0]; next && next.atMs <= nowMs; next = coming[0]) {
      buffer.put(timestampOf(next.index), payloadOf(next.index), next.atMs)
      coming.shift()
    }
    do {
      const bytes = new Uint8Array(160)
      taken.push({ kind: buffer.take(bytes), bytes })
    } while (buffer.hasSurplus())
  }
  const heard = taken.filter(({ kind }) => kind === 'heard').map(({ bytes }) => (bytes[0] ?? 0) - 1)
  return { taken, heard, stats: buffer.stats() }
}

const steady = (count: number): Arrival[] => Array.from({ length: count }, (_, index) => ({ index, atMs: index * 20 }))
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index % 200)

describe('a steady line', () => {
  it('is heard whole, in order, 40 ms late', () => {
    const { heard, taken, stats } = listen(steady(300), 7_000)
    expect(heard).toEqual(upTo(300))
    expect(taken.findIndex(({ kind }) => kind === 'heard')).toBeLessThanOrEqual(2)
    expect(stats).toMatchObject({ late: 0, doubled: 0, targetMs: 40 })
  })

  it('is heard whole when every packet comes twice', () => {
    const { heard, stats } = listen(
      [...steady(100), ...steady(100).map((one) => ({ ...one, atMs: one.atMs + 3 }))],
      3_000,
    )
    expect(heard).toEqual(upTo(100))
    expect(stats.doubled + stats.late).toBe(100)
  })

  it('goes on across the wrap of the timestamp', () => {
    expect(listen(steady(20), 1_000).heard).toEqual(upTo(20))
  })
})

describe('an uneven line', () => {
  const delays = fc.array(fc.nat(15), { minLength: 60, maxLength: 200 })

  it('is put in order as long as no packet is later than the buffer is deep', () => {
    fc.assert(
      fc.property(delays, (all) => {
        const arrivals = all.map((delay, index) => ({ index, atMs: index * 20 + delay }))
        const { heard } = listen(arrivals, all.length * 20 + 500)
        expect(heard).toEqual(upTo(all.length))
      }),
    )
  })

  it('keeps the order and says nothing twice, whatever is lost, doubled, late or swapped', () => {
    const packet = fc.record({ copies: fc.nat(2), delay: fc.oneof(fc.nat(30), fc.nat(400)) })
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 190 }), (packets) => {
        const arrivals = packets.flatMap(({ copies, delay }, index) =>
          Array.from({ length: copies }, (_, copy) => ({ index, atMs: index * 20 + delay + copy * 7 })),
        )
        const { heard, taken, stats } = listen(arrivals, packets.length * 20 + 1_000)
        for (const [i, index] of heard.entries()) if (i > 0) expect(index).toBeGreaterThan(heard[i - 1] ?? -1)
        expect(taken.every(({ bytes }) => bytes.length === 160)).toBe(true)
        expect(stats.bufferedMs).toBe(0)
        expect(stats.targetMs).toBeGreaterThanOrEqual(40)
        expect(stats.targetMs).toBeLessThanOrEqual(100)
      }),
    )
  })

  it('takes more time where packets come unevenly', () => {
    const arrivals = steady(400).map(({ index, atMs }) => ({ index, atMs: atMs + (index % 3) * 30 }))
    expect(listen(arrivals, 8_000).stats.targetMs).toBeGreaterThan(40)
  })

  it('covers a lost packet by the one before it, and goes on in time', () => {
    const { heard, taken } = listen(
      steady(50).filter(({ index }) => index !== 20),
      1_500,
    )
    expect(heard).toEqual(upTo(50).filter((index) => index !== 20))
    const gap = taken.findIndex(({ kind }, i) => kind === 'concealed' && i > 10)
    expect(taken[gap - 1]?.bytes[0]).toBe(payloadOf(19)[0])
    expect(taken[gap + 1]?.bytes[0]).toBe(payloadOf(21)[0])
  })

  it('catches up after a hold-up of the network without losing a word', () => {
    const arrivals = steady(200).map(({ index, atMs }) => ({ index, atMs: index >= 50 && index < 65 ? 1_300 : atMs }))
    const { heard, stats } = listen(arrivals, 4_400)
    expect(heard).toEqual(upTo(200))
    expect(stats.bufferedMs).toBe(0)
  })
})

describe('other senders', () => {
  it('hears a sender whose clock runs fast, without falling behind', () => {
    const arrivals = Array.from({ length: 3_000 }, (_, index) => ({ index, atMs: index * 19.9 }))
    const { heard, stats } = listen(arrivals, 3_000 * 19.9)
    expect(heard.length).toBeGreaterThan(2_980)
    expect(stats.bufferedMs).toBeLessThanOrEqual(140)
  })

  it('joins packets of 10, 30 and 60 ms to the same sound', () => {
    for (const ms of [10, 30, 60]) {
      const buffer = jitterBuffer()
      const heard: number[] = []
      for (let nowMs = 0; nowMs < 3_000; nowMs += 10) {
        if (nowMs % ms === 0) buffer.put(nowMs * 8, new Uint8Array(ms * 8).fill(nowMs / ms / 4 + 1), nowMs)
        if (nowMs % 20 !== 0) continue
        const bytes = new Uint8Array(160)
        if (buffer.take(bytes) === 'heard') heard.push(...bytes)
      }
      expect(heard.length).toBeGreaterThan(2_800 * 8)
      expect(heard.every((byte, i) => i === 0 || byte >= (heard[i - 1] ?? 0))).toBe(true)
    }
  })

  it('follows a pause of the sender, and a new time line when two packets agree on it', () => {
    const buffer = jitterBuffer()
    const bytes = new Uint8Array(160)
    const say = (from: number, count: number) => {
      let heard = 0
      for (let i = 0; i < count + 4; i++) {
        if (i < count) buffer.put((from + i * 160) >>> 0, payloadOf(i), i * 20)
        if (buffer.take(bytes) === 'heard') heard++
      }
      return heard
    }
    expect(say(1_000, 10)).toBe(10)
    expect(say(1_000 + 10 * 160 + 80_000, 10)).toBe(10)
    expect(say(500_000_000, 10)).toBe(10)
    expect(say(77, 10)).toBe(9)
    buffer.restart()
    expect(say(3_000_000_000, 10)).toBe(10)
  })

  it('drops what is no whole number of 10 ms', () => {
    const buffer = jitterBuffer()
    for (const length of [0, 1, 79, 100, 560, 1_400]) buffer.put(0, new Uint8Array(length), 0)
    expect(buffer.stats()).toMatchObject({ malformed: 6, bufferedMs: 0 })
  })

  it('never throws and never grows, whatever the timestamps', () => {
    const step = fc.record({ timestamp: fc.nat(0xffff_ffff), take: fc.boolean() })
    const near = fc.record({ timestamp: fc.nat(20_000), take: fc.boolean() })
    fc.assert(
      fc.property(fc.array(fc.oneof(step, near), { maxLength: 300 }), (steps) => {
        const buffer = jitterBuffer()
        steps.forEach(({ timestamp, take }, i) => {
          buffer.put(timestamp, payloadOf(i), i * 7)
          if (take) buffer.take(new Uint8Array(160))
          expect(buffer.stats().bufferedMs).toBeLessThanOrEqual(640)
        })
      }),
    )
  })
})
