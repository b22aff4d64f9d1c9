/**
 * Speech that is ready, on its way to the caller: named pieces, one after the other without a gap.
 *
 * A piece is a sentence. The player knows to the frame what has left for the caller, so that the record can say what
 * was heard and not what was meant to be said. Pausing gives way to the caller; going on starts the sentence anew.
 */
import { alawSilence, frameSamples } from './g711.ts'

/** @property audio A-law at 8 kHz, any length, never changed. */
export type Piece = { name: string; audio: Uint8Array }

/** @property sentMs what left for the caller, in milliseconds of the piece. `isWhole`: to its end. */
export type Heard = { name: string; sentMs: number; lengthMs: number; isWhole: boolean }

export type Player = ReturnType<typeof player>['controls']

type Batch = { heard: Heard[]; left: number; tell: (heard: Heard[]) => void }
type Playing = Piece & { batch: Batch; cursor: number; furthest: number }

export function player() {
  let queue: Playing[] = []
  let isPaused = false

  function settle({ name, audio, furthest, batch }: Playing): void {
    batch.heard.push(asHeard(name, audio, furthest))
    if (--batch.left === 0) batch.tell(batch.heard)
  }

  /** Copies from the front of the queue; settles what is through. @returns bytes written. */
  function fill(frame: Uint8Array): number {
    let written = 0
    for (let first = queue[0]; first && written < frame.length; first = queue[0]) {
      const part = first.audio.subarray(first.cursor, first.cursor + frame.length - written)
      frame.set(part, written)
      written += part.length
      first.cursor += part.length
      first.furthest = Math.max(first.furthest, first.cursor)
      if (first.cursor < first.audio.length) break
      queue.shift()
      settle(first)
    }
    return written
  }

  function rewind(): void {
    if (queue[0]) queue[0].cursor = 0
  }

  return {
    /** What the call layer works with. */
    controls: {
      /**
       * Queues pieces behind what is playing.
       * @returns how much of each left for the caller, when the last of them is through or was stopped. Never rejects.
       */
      play(pieces: readonly Piece[]): Promise<Heard[]> {
        if (pieces.length === 0) return Promise.resolve([])
        return new Promise((tell) => {
          const batch: Batch = { heard: [], left: pieces.length, tell }
          queue.push(...pieces.map((piece) => ({ ...piece, batch, cursor: 0, furthest: 0 })))
        })
      },

      /** Silence from the next frame on; the queue is kept. */
      pause(): void {
        isPaused = true
      },

      /** Goes on, at the start of the piece that was interrupted. */
      resume(): void {
        if (isPaused) rewind()
        isPaused = false
      },

      /** Drops the queue; every `play` under way is told what was heard. A pause ends. */
      stop(): void {
        const dropped = queue
        queue = []
        isPaused = false
        for (const piece of dropped) settle(piece)
      },

      /** What is queued, the first of it perhaps half heard. */
      progress: (): Heard[] => queue.map(({ name, audio, furthest }) => asHeard(name, audio, furthest)),

      isPlaying: () => queue.length > 0 && !isPaused,
    },

    /** The piece that was interrupted will start anew. */
    rewind,

    /** Asked once for each 20 ms that leaves. @returns undefined when nothing plays; else 160 bytes, not to be kept. */
    nextFrame(): Uint8Array | undefined {
      if (isPaused || queue.length === 0) return undefined
      const frame = new Uint8Array(frameSamples)
      const written = fill(frame)
      if (written === 0) return undefined
      return frame.fill(alawSilence, written)
    },
  }
}

function asHeard(name: string, audio: Uint8Array, sent: number): Heard {
  return { name, sentMs: sent / 8, lengthMs: audio.length / 8, isWhole: sent === audio.length }
}

/** Sound without an end: music on hold. @param audio A-law; an empty one never gives a frame. */
export function loop(audio: Uint8Array) {
  let cursor = 0
  return (): Uint8Array | undefined => {
    if (audio.length === 0) return undefined
    const frame = new Uint8Array(frameSamples)
    for (let i = 0; i < frameSamples; i++) {
      frame[i] = audio[cursor] ?? alawSilence
      cursor = (cursor + 1) % audio.length
    }
    return frame
  }
}
