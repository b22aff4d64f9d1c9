/** Tones, and how much of one is in a sound. */
export function aTone(hz: number, rateHz: number, seconds: number, amplitude = 0.5): Float32Array {
  return Float32Array.from(
    { length: Math.round(rateHz * seconds) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / rateHz),
  )
}

/** The amplitude of one frequency in a sound, by Goertzel's algorithm. */
export function amplitudeOf(sound: Float32Array, hz: number, rateHz: number): number {
  const turn = (2 * Math.PI * hz) / rateHz
  let [before, last] = [0, 0]
  for (const sample of sound) [before, last] = [last, sample + 2 * Math.cos(turn) * last - before]
  const power = last * last + before * before - 2 * Math.cos(turn) * last * before
  return (2 * Math.sqrt(Math.max(0, power))) / sound.length
}

export function rms(sound: Float32Array): number {
  return Math.sqrt(sound.reduce((sum, sample) => sum + sample * sample, 0) / sound.length)
}
