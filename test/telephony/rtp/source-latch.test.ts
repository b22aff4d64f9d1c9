import fc from 'fast-check'
import { expect, it } from 'vitest'
import { learnableAddresses, sourceLatch, type Sighting } from '../../../telephony/rtp/source-latch.ts'

const negotiated = { address: '192.0.2.7', port: 4_000 }
const payloadTypes = [8, 101, 13]
const seen = (over: Partial<Sighting> = {}): Sighting => ({
  ...negotiated,
  ssrc: 7,
  sequence: 0,
  payloadType: 8,
  atMs: 0,
  ...over,
})
const strict = () => sourceLatch({ negotiated, learnFrom: [], payloadTypes })
const lenient = () => sourceLatch({ negotiated, learnFrom: ['198.51.100.9', negotiated.address], payloadTypes })
const fromNat = (sequence: number, over: Partial<Sighting> = {}) =>
  seen({ address: '198.51.100.9', port: 61_000, sequence, ...over })

it('hears the negotiated place at once', () => {
  const latch = strict()
  expect(latch.judge(seen())).toBe('new-stream')
  expect(latch.judge(seen({ sequence: 1 }))).toBe('ours')
})

it('hears nobody from anywhere else, whatever he sends and however often', () => {
  const stranger = fc.record({
    address: fc.constantFrom(negotiated.address, '203.0.113.5'),
    port: fc.integer({ min: 1, max: 65_535 }).filter((port) => port !== negotiated.port),
    ssrc: fc.constantFrom(7, 8),
    payloadType: fc.constantFrom(8, 101),
    atMs: fc.nat(100_000),
  })
  fc.assert(
    fc.property(fc.array(stranger, { minLength: 1, maxLength: 60 }), fc.boolean(), (all, isLocked) => {
      const latch = strict()
      if (isLocked) latch.judge(seen())
      all.forEach((one, sequence) => expect(latch.judge({ ...one, sequence })).toBe('stranger'))
      expect(latch.place()).toMatchObject(negotiated)
    }),
  )
})

it('learns a place behind address translation from five packets that follow one another, once', () => {
  const latch = lenient()
  expect([65_533, 65_534, 65_535, 0].map((sequence) => latch.judge(fromNat(sequence)))).toEqual(
    Array<string>(4).fill('on-trial'),
  )
  expect(latch.judge(fromNat(1))).toBe('new-stream')
  expect(latch.isLearned()).toBe(true)
  expect(latch.place()).toMatchObject({ address: '198.51.100.9', port: 61_000 })
  for (let i = 0; i < 20; i++) expect(latch.judge(fromNat(i, { port: 61_002 }))).toBe('stranger')
  expect(latch.judge(seen())).toBe('stranger')
})

it('begins the trial anew when a packet does not follow', () => {
  const latch = lenient()
  const verdicts = [1, 2, 3, 4, 6, 7, 8, 9].map((sequence) => latch.judge(fromNat(sequence)))
  expect(new Set(verdicts)).toEqual(new Set(['on-trial']))
  expect(latch.judge(fromNat(10))).toBe('new-stream')
})

it('lets the negotiated place win over a trial', () => {
  const latch = lenient()
  for (let i = 0; i < 4; i++) latch.judge(fromNat(i))
  expect(latch.judge(seen())).toBe('new-stream')
  expect(latch.judge(fromNat(4))).toBe('stranger')
  expect(latch.isLearned()).toBe(false)
})

it('takes no payload type that was not negotiated, and learns from none', () => {
  const latch = lenient()
  for (let i = 0; i < 20; i++) expect(latch.judge(fromNat(i, { payloadType: 0 }))).toBe('stranger')
  expect(latch.isLocked()).toBe(false)
})

it('follows another stream of the locked place only when the first has gone quiet', () => {
  const latch = strict()
  latch.judge(seen())
  for (let i = 1; i < 50; i++) {
    expect(latch.judge(seen({ sequence: i, atMs: i * 20 }))).toBe('ours')
    expect(latch.judge(seen({ ssrc: 99, sequence: i, atMs: i * 20 + 5 }))).toBe('on-trial')
  }
  const after = Array.from({ length: 6 }, (_, i) =>
    latch.judge(seen({ ssrc: 99, sequence: 50 + i, atMs: 1_000 + i * 20 })),
  )
  expect(after.at(0)).toBe('on-trial')
  expect(after).toContain('new-stream')
  expect(latch.judge(seen({ ssrc: 7, sequence: 51, atMs: 1_200 }))).toBe('on-trial')
})

it('may learn only where signalling and SDP disagree', () => {
  expect(learnableAddresses('192.0.2.7', undefined)).toEqual([])
  expect(learnableAddresses('192.0.2.7', '192.0.2.7')).toEqual([])
  expect(learnableAddresses('10.0.0.4', '198.51.100.9')).toEqual(['10.0.0.4', '198.51.100.9'])
})
