/** What a caller on hold hears unless the operator recorded a `hold` prompt: two soft notes, then quiet, five seconds round. */
import { encodeAlaw } from '../rtp/g711.ts'

const rate = 8_000
const roundMs = 5_000
const notes = [
  { hertz: 523, fromMs: 0 },
  { hertz: 659, fromMs: 350 },
] as const
const noteMs = 900
const loudness = 2_600

export const holdSound: Uint8Array = encodeAlaw(
  Int16Array.from({ length: (roundMs * rate) / 1_000 }, (_, at) => {
    const ms = (at * 1_000) / rate
    return notes.reduce((sum, { hertz, fromMs }) => {
      const since = ms - fromMs
      if (since < 0 || since > noteMs) return sum
      const rise = Math.min(1, since / 30)
      return sum + loudness * rise * Math.exp(-since / 220) * Math.sin((2 * Math.PI * hertz * since) / 1_000)
    }, 0)
  }),
)
