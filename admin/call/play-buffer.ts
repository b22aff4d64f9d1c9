/**
 * What the caller said, waiting to be played: it evens out the network's hurry and delay.
 *
 * It begins to play when 60 ms lie ready and again so after it ran dry; meanwhile it plays silence. More than 160 ms
 * never lie there: of a late heap the oldest goes, because people who talk cannot wait. Order is kept, nothing doubles.
 */
import { lineRate } from './g711.ts'

export const targetSamples = 0.06 * lineRate
export const capSamples = 0.16 * lineRate

/** Counted since it was made, in samples of the line but for `ranDry`, in times. */
export type PlayStats = { ranDry: number; dropped: number; silent: number; waiting: number }
export type PlayBuffer = ReturnType<typeof playBuffer>

export function playBuffer() {
  const ring = new Float32Array(2 * capSamples)
  let written = 0
  let read = 0
  let isPlaying = false
  let hasPlayed = false
  const counted = { ranDry: 0, dropped: 0, silent: 0 }

  return {
    put(samples: Float32Array): void {
      for (const sample of samples) {
        ring[written++ % ring.length] = sample
        if (written - read > capSamples) drop(written - read - targetSamples)
      }
      if (written - read >= targetSamples) isPlaying = true
    },

    /** The next sample; silence while too little lies ready. */
    take(): number {
      if (isPlaying && read === written) {
        isPlaying = false
        counted.ranDry++
      }
      if (!isPlaying) {
        if (hasPlayed) counted.silent++
        return 0
      }
      hasPlayed = true
      return ring[read++ % ring.length] ?? 0
    },

    stats: (): PlayStats => ({ ...counted, waiting: written - read }),
  }

  function drop(samples: number): void {
    read += samples
    counted.dropped += samples
  }
}
