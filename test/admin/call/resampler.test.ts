import { describe, expect, it } from 'vitest'
import { resampler } from '../../../admin/call/resampler.ts'
import { amplitudeOf, aTone, rms } from './tone.ts'

const rates = [8_000, 16_000, 22_050, 44_100, 48_000, 96_000]
const lineHz = 8_000

function down(sound: Float32Array, fromHz: number): Float32Array {
  const toLine = resampler(fromHz, lineHz)
  const made: number[] = []
  for (const sample of sound) toLine.push(sample, (one) => void made.push(one))
  return Float32Array.from(made)
}

function up(sound: Float32Array, toHz: number): Float32Array {
  const fromLine = resampler(lineHz, toHz)
  let at = 0
  const length = Math.floor((sound.length * toHz) / lineHz)
  return Float32Array.from({ length }, () => fromLine.pull(() => sound[at++] ?? 0))
}

/** Without the ends, where the filter sees the beginning of the tone and its end. */
const settled = (sound: Float32Array) => sound.subarray(Math.floor(sound.length / 10), Math.floor(sound.length * 0.9))
const decibels = (ratio: number) => 20 * Math.log10(Math.max(ratio, 1e-9))

describe.each(rates)('between %i Hz and the line', (rateHz) => {
  it('makes as many samples as the time holds', () => {
    expect(Math.abs(down(new Float32Array(rateHz), rateHz).length - lineHz)).toBeLessThanOrEqual(1)
    let taken = 0
    const fromLine = resampler(lineHz, rateHz)
    for (let i = 0; i < rateHz; i++) fromLine.pull(() => ++taken * 0)
    expect(Math.abs(taken - lineHz)).toBeLessThanOrEqual(1)
  })

  it.each([200, 400, 1_000, 2_000, 3_000, 3_400])('keeps a tone of %i Hz as it is, both ways', (hz) => {
    const sent = settled(down(aTone(hz, rateHz, 1), rateHz))
    expect(Math.abs(decibels(amplitudeOf(sent, hz, lineHz) / 0.5))).toBeLessThan(0.2)
    expect(decibels(rest(sent, hz, lineHz) / 0.5)).toBeLessThan(-50)
    const heard = settled(up(aTone(hz, lineHz, 1), rateHz))
    expect(Math.abs(decibels(amplitudeOf(heard, hz, rateHz) / 0.5))).toBeLessThan(0.2)
    expect(decibels(rest(heard, hz, rateHz) / 0.5)).toBeLessThan(-50)
  })
})

it.each(rates.filter((rateHz) => rateHz > lineHz))('lets nothing of %i Hz above 4 kHz fold into the line', (rateHz) => {
  const tooHigh = [4_050, 4_600, 5_000, 7_000, 7_600, 9_000, 15_000, 20_000].filter((hz) => hz < rateHz / 2)
  expect(tooHigh.length).toBeGreaterThan(3)
  for (const hz of tooHigh) expect(decibels(rms(settled(down(aTone(hz, rateHz, 1), rateHz))) / 0.35)).toBeLessThan(-50)
})

it('keeps the level of a steady value, so that silence is silence', () => {
  expect(settled(down(new Float32Array(4_800).fill(0.25), 48_000)).every((one) => Math.abs(one - 0.25) < 1e-4)).toBe(
    true,
  )
  expect(down(new Float32Array(4_800), 48_000).every((one) => one === 0)).toBe(true)
})

/** What is left of a sound when its one tone is taken away: images, aliases, noise. */
function rest(sound: Float32Array, hz: number, rateHz: number): number {
  const power = rms(sound) ** 2 - amplitudeOf(sound, hz, rateHz) ** 2 / 2
  return Math.sqrt(2 * Math.max(0, power))
}
