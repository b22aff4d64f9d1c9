import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as g711 from '../../../telephony/rtp/g711.ts'

const everyCode = Uint8Array.from({ length: 256 }, (_, code) => code)
const samples = fc.int16Array({ maxLength: 400 })
const asNumbers = (of: Int16Array) => Array.from(of, (sample) => sample + 0)

it('gives every A-law code back, and every µ-law code but its second zero', () => {
  expect(g711.encodeAlaw(g711.decodeAlaw(everyCode))).toEqual(everyCode)
  const back = g711.encodeMulaw(g711.decodeMulaw(everyCode))
  expect([...back].filter((code, i) => code !== i).length).toBeLessThanOrEqual(1)
})

it('knows the codes of ITU-T G.711 at zero and at the ends', () => {
  expect([...g711.encodeAlaw(Int16Array.of(0, 32_767, -32_768))]).toEqual([0xd5, 0xaa, 0x2a])
  expect([...g711.encodeMulaw(Int16Array.of(0, 32_767, -32_768))]).toEqual([0xff, 0x80, 0x00])
  expect(asNumbers(g711.decodeAlaw(Uint8Array.of(g711.alawSilence, 0xaa, 0x2a)))).toEqual([8, 32_256, -32_256])
  expect(asNumbers(g711.decodeMulaw(Uint8Array.of(g711.mulawSilence, 0x80, 0x00)))).toEqual([0, 32_124, -32_124])
})

it('loses no more than a step of the scale', () => {
  fc.assert(
    fc.property(samples, (spoken) => {
      for (const heard of [
        g711.decodeAlaw(g711.encodeAlaw(spoken)),
        g711.decodeMulaw(g711.encodeMulaw(spoken)),
        g711.decodeAlaw(g711.toAlaw('PCMU', g711.encodeMulaw(spoken))),
        g711.decodeMulaw(g711.fromAlaw('PCMU', g711.encodeAlaw(spoken))),
      ])
        spoken.forEach((sample, i) => {
          expect(Math.abs((heard[i] ?? NaN) - sample)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) * 0.08))
        })
    }),
  )
})

it('hands A-law on untouched, the very bytes', () => {
  expect(g711.toAlaw('PCMA', everyCode)).toBe(everyCode)
  expect(g711.fromAlaw('PCMA', everyCode)).toBe(everyCode)
})

it('halves a sound', () => {
  const codes = g711.encodeAlaw(Int16Array.of(16_000, -8_000, 0))
  g711.halveAlaw(codes)
  const [loud = 0, low = 0, none = 0] = g711.decodeAlaw(codes)
  expect(Math.abs(loud - 8_000)).toBeLessThan(400)
  expect(Math.abs(low + 4_000)).toBeLessThan(200)
  expect(Math.abs(none)).toBeLessThanOrEqual(8)
})
