/** Tones to send and ways to find them again. */
import { encodeAlaw, decodeAlaw } from '../../../telephony/rtp/g711.ts'

/** @returns A-law. */
export function aTone(hertz: number, ms: number, amplitude = 8_000): Uint8Array {
  return encodeAlaw(
    Int16Array.from({ length: ms * 8 }, (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / 8_000)),
  )
}

/** More than the line's own silence. */
export const isSounding = (frame: Uint8Array) => decodeAlaw(frame).some((sample) => Math.abs(sample) > 500)

/** How much of the sound is this one tone, 0-1 (Goertzel). */
export function shareOf(hertz: number, frames: readonly Uint8Array[]): number {
  let [before, last, energy] = [0, 0, 0]
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / 8_000)
  const samples = frames.flatMap((frame) => [...decodeAlaw(frame)])
  for (const sample of samples) {
    ;[before, last] = [last, sample + coefficient * last - before]
    energy += sample * sample
  }
  if (energy === 0) return 0
  const power = before * before + last * last - coefficient * before * last
  return (2 * power) / (samples.length * energy)
}
