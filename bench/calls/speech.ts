/** Sound that a voice detector takes for somebody who speaks and pauses: buzzing vowels. The same at every run. */
import { encodeAlaw } from '../../telephony/rtp/g711.ts'

/** @returns A-law. */
export function speech(ms: number): Uint8Array {
  const formants = [700, 1_220, 2_600]
  return encodeAlaw(
    Int16Array.from({ length: ms * 8 }, (_, i) => {
      const isPause = i % 24_000 > 14_400
      const sincePulse = i % 64
      const sound = formants.reduce(
        (sum, hertz) => sum + Math.sin((2 * Math.PI * hertz * sincePulse) / 8_000) * Math.exp(-sincePulse / 25),
        0,
      )
      return isPause ? 0 : 5_000 * sound
    }),
  )
}
