import { expect, it } from 'vitest'
import { decodeAlaw, encodeAlaw, frameSamples, loudnessOf } from '../../../admin/call/g711.ts'
import { alawFrameBytes } from '../../../contract/phone-events.ts'
import { alawSilence, decodeAlaw as phoneDecodes, encodeAlaw as phoneEncodes } from '../../../telephony/rtp/g711.ts'

const codes = Uint8Array.from({ length: 256 }, (_, code) => code)

it('brings every one of the 256 codes back unchanged', () => {
  expect(codes.map((code) => encodeAlaw(decodeAlaw(code)))).toEqual(codes)
})

it('hears every code as the phone does', () => {
  expect(Int16Array.from(codes, (code) => decodeAlaw(code) * 32_768)).toEqual(phoneDecodes(codes))
})

it('writes every sample as the phone does, and errs by no more than half a step', () => {
  const samples = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768)
  const written = Uint8Array.from(samples, (sample) => encodeAlaw(sample / 32_768))
  expect(written).toEqual(phoneEncodes(samples))
  const tooFar = samples.filter((sample, i) => {
    const heard = decodeAlaw(written[i] ?? 0) * 32_768
    return Math.abs(heard - sample) > Math.max(16, Math.abs(heard) / 31)
  })
  expect(tooFar).toHaveLength(0)
})

it('clips what is too loud and makes silence of no number', () => {
  expect(decodeAlaw(encodeAlaw(7))).toBeCloseTo(0.984, 3)
  expect(decodeAlaw(encodeAlaw(-7))).toBeCloseTo(-0.984, 3)
  expect(encodeAlaw(Number.NaN)).toBe(alawSilence)
  expect(encodeAlaw(0)).toBe(alawSilence)
})

it('has frames as long as the contract says, and knows loud from silent', () => {
  expect(frameSamples).toBe(alawFrameBytes)
  expect(loudnessOf(new Uint8Array(160).fill(alawSilence))).toBeLessThan(0.001)
  expect(loudnessOf(new Uint8Array(160).fill(encodeAlaw(0.5)))).toBeCloseTo(0.5, 1)
  expect(loudnessOf(new Uint8Array())).toBe(0)
})
