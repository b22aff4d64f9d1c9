/** A made-up voice: a buzz of the vocal cords through the mouth of a vowel. And noise, the same at every run. */

/** @returns samples at 8 kHz of syllables of 180 ms with 60 ms between, as loud as somebody who speaks into a telephone. */
export function aVoice(ms: number, amplitude = 9_000): Int16Array {
  const mouths = [700, 1_220, 2_600].map((hertz) => resonance(hertz, 90))
  return Int16Array.from({ length: ms * 8 }, (_, i) => {
    const pitch = 120 + 15 * Math.sin((2 * Math.PI * 3 * i) / 8_000)
    const pulse = Math.floor((i * pitch) / 8_000) !== Math.floor(((i - 1) * pitch) / 8_000) ? 1 : 0
    const isSyllable = i % 1_920 < 1_440
    const sound = mouths.reduce((sum, mouth) => sum + mouth(isSyllable ? pulse : 0), 0)
    return Math.max(-32_000, Math.min(32_000, amplitude * sound))
  })
}

export function aNoise(ms: number, amplitude: number): Int16Array {
  let seed = 12_345
  return Int16Array.from({ length: ms * 8 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    return amplitude * (seed / 0x3fffffff - 1)
  })
}

export function together(...sounds: Int16Array[]): Int16Array {
  const length = Math.max(...sounds.map((sound) => sound.length))
  return Int16Array.from({ length }, (_, i) => sounds.reduce((sum, sound) => sum + (sound[i] ?? 0), 0))
}

export function oneAfterAnother(...sounds: Int16Array[]): Int16Array {
  return Int16Array.from(sounds.flatMap((sound) => [...sound]))
}

export const silence = (ms: number) => new Int16Array(ms * 8)

function resonance(hertz: number, bandwidth: number) {
  const radius = Math.exp((-Math.PI * bandwidth) / 8_000)
  const turn = 2 * radius * Math.cos((2 * Math.PI * hertz) / 8_000)
  let [last, before] = [0, 0]
  return (input: number) => {
    const output = input * (1 - radius) * 4 + turn * last - radius * radius * before
    ;[last, before] = [output, last]
    return output
  }
}
