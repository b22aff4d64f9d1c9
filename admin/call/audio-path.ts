/**
 * One way for the sound of a call between this console and the server, whatever carries it. Frames are 160 bytes of
 * A-law, 20 ms. A frame that cannot leave at once is dropped and never queued: late speech is worse than none.
 */
export type AudioPath = {
  send: (alaw: Uint8Array) => void
  /** One listener; the last one given counts. */
  onFrame: (take: (alaw: Uint8Array) => void) => void
  close: () => void
  stats: () => PathStats
}

/** Frames since the path was made. */
export type PathStats = { sent: number; dropped: number; received: number }
