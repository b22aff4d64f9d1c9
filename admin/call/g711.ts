/**
 * G.711 A-law, as the phone process and the trunk speak it: 8 kHz, a frame of 160 bytes is 20 ms.
 *
 * Runs in the audio thread, where nothing may fail or allocate: every byte is a legal code, every number has one.
 * Source: ITU-T G.711, the A-law tables; test/admin/call/g711.test.ts compares them with the phone's own.
 */
export const lineRate = 8_000
export const frameSamples = 160

const loudest = 32_768
const sample16 = Int16Array.from({ length: 256 }, (_, code) => expanded(code))

/** @returns a sample in [-1, 1]. */
export function decodeAlaw(code: number): number {
  return (sample16[code & 0xff] ?? 0) / loudest
}

/** @param sample in [-1, 1]; beyond it is clipped, no number is silence. */
export function encodeAlaw(sample: number): number {
  const scaled = Math.round(sample * loudest)
  const sign = scaled < 0 ? 0x55 : 0xd5
  const magnitude = Math.min(Math.abs(scaled), 32_767) >> 3
  const segment = Math.max(0, 27 - Math.clz32(magnitude))
  const step = (segment < 2 ? magnitude >> 1 : magnitude >> segment) & 0x0f
  return ((segment << 4) | step) ^ sign
}

/** How loud a frame is: the root mean square of its samples, in [0, 1]. */
export function loudnessOf(alaw: Uint8Array): number {
  let energy = 0
  for (const code of alaw) energy += decodeAlaw(code) ** 2
  return alaw.length === 0 ? 0 : Math.sqrt(energy / alaw.length)
}

function expanded(code: number): number {
  const bits = code ^ 0x55 // the line carries every other bit inverted
  const segment = (bits >> 4) & 0x07
  const step = (bits & 0x0f) << 4
  const magnitude = segment === 0 ? step + 8 : (step + 0x108) << (segment - 1)
  return bits & 0x80 ? magnitude : -magnitude
}
