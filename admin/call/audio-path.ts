/**
 * One way for the sound of a call between this console and the caller, whatever carries it. Sound that cannot leave at
 * once is dropped and never queued: late speech is worse than none.
 */

/** To the phone itself, or through the server. */
export type Way = 'direct' | 'server'

export type AudioPath = {
  way: Way
  /** 20 ms of this room: 160 bytes of A-law. A way that takes the microphone itself has no use for them. */
  send: (alaw: Uint8Array) => void
  /** On hold nothing of the caller is played. */
  hold: (on: boolean) => void
  /** How loud the caller is, in [0, 1]. */
  loudness: () => number
  stats: () => PathStats
  close: () => void
}

/** Since the path was made. Frames of 20 ms, but for `ranDry`: holes in the caller's voice that were heard. */
export type PathStats = { sent: number; dropped: number; received: number; ranDry: number }
export const noStats: PathStats = { sent: 0, dropped: 0, received: 0, ranDry: 0 }
