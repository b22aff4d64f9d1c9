/**
 * A live voice on its way to the caller: frames as somebody speaks them, evened out for the pacer.
 *
 * 40 ms are gathered before it begins, at most 160 ms wait; beyond that the oldest go, for a conversation must not fall
 * behind itself.
 */
const gatheredFrames = 2
const mostFrames = 8

export function liveFrames() {
  let waiting: Uint8Array[] = []
  let isFlowing = false
  let dropped = 0

  return {
    /** @param frame 160 bytes of A-law; kept as it is, so not to be changed afterwards. */
    push(frame: Uint8Array): void {
      waiting.push(frame)
      if (waiting.length >= gatheredFrames) isFlowing = true
      if (waiting.length <= mostFrames) return
      waiting.shift()
      dropped++
    },

    nextFrame(): Uint8Array | undefined {
      const frame = isFlowing ? waiting.shift() : undefined
      if (!frame) isFlowing = false
      return frame
    },

    clear(): void {
      waiting = []
      isFlowing = false
    },

    dropped: () => dropped,
  }
}
