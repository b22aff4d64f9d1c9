/**
 * What RFC 3550 counts of a stream that is heard: packets, losses (A.3), jitter (A.8).
 *
 * Pure bookkeeping over one call. Sequence numbers wrap at 16 bits; a stream that starts anew is counted on top of the
 * one before it.
 */
export type Reception = { received: number; lost: number; jitterMs: number }

const wrap = 0x1_0000
/** A step further than this is a restart of the sender, not a loss (MAX_DROPOUT of RFC 3550). */
const longestDropout = 3_000

export function reception() {
  let received = 0
  let settledLoss = 0
  let stream: { first: number; highest: number; received: number; transit: number } | undefined
  let jitter = 0

  const lossOf = (of: NonNullable<typeof stream>) => Math.max(0, of.highest - of.first + 1 - of.received)
  const settle = () => {
    if (stream) settledLoss += lossOf(stream)
    stream = undefined
  }

  return {
    /** Another stream begins: what the last one lost is settled. */
    restart: settle,

    /** @param timestamp in samples at 8 kHz. */
    note(sequence: number, timestamp: number, nowMs: number): void {
      received++
      const transit = nowMs * 8 - timestamp
      if (stream) {
        const step = signed16(sequence - stream.highest)
        if (Math.abs(step) > longestDropout) settle()
        else {
          stream.received++
          stream.highest += Math.max(0, step)
          const moved = Math.abs(transit - stream.transit)
          // A timestamp that jumps says nothing of the network.
          if (moved < 8_000) jitter += (moved - jitter) / 16
          stream.transit = transit
        }
      }
      stream ??= { first: sequence, highest: sequence, received: 1, transit }
    },

    sum: (): Reception => ({
      received,
      lost: settledLoss + (stream ? lossOf(stream) : 0),
      jitterMs: jitter / 8,
    }),
  }
}

function signed16(difference: number): number {
  const low = ((difference % wrap) + wrap) % wrap
  return low < wrap / 2 ? low : low - wrap
}
