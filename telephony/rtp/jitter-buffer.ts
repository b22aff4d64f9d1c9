/**
 * The caller's voice in order: packets in as the network brings them, 20 ms frames out as the pacer asks.
 *
 * A ring of 10 ms blocks laid out by timestamp, so that reordering, doubles, pauses and packets of 10 to 60 ms need no
 * case of their own. It waits for 40 to 100 ms of voice before it speaks, more where the network is uneven. What was
 * lost is covered by the frame before it, fading; what comes too late is dropped. Memory is fixed: 640 ms.
 */
import { alawSilence, frameMs, frameSamples, halveAlaw } from './g711.ts'

/** `silence`: nothing is expected just now. `concealed`: a gap inside speech, covered. */
export type FrameKind = 'heard' | 'concealed' | 'silence'
export type JitterStats = Record<
  'late' | 'doubled' | 'malformed' | 'concealed' | 'overrun' | 'bufferedMs' | 'targetMs',
  number
>
export type JitterBuffer = ReturnType<typeof jitterBuffer>

const blockSamples = 80
const blocksPerFrame = frameSamples / blockSamples
const ringBlocks = 64
const longestPayload = 6 * blockSamples
/** A timestamp further off than this is another time line, not a gap: it is followed when the next packet agrees. */
const furthestBlocks = 150
const leastMs = 40
const mostMs = 100
const calmPackets = 500
const reviewTakes = 50
const longestConcealment = 3

export function jitterBuffer() {
  const ring = new Uint8Array(ringBlocks * blockSamples)
  const filled = new Uint8Array(ringBlocks)
  const last = new Uint8Array(frameSamples).fill(alawSilence)
  const counts = { late: 0, doubled: 0, malformed: 0, concealed: 0, overrun: 0 }
  let state: 'empty' | 'filling' | 'playing' = 'empty'
  let waitedTakes = 0
  /** Timestamp and ring block of the next 10 ms to be played; blocks buffered up to the newest. */
  let headTimestamp: number | undefined
  let headBlock = 0
  let depth = 0
  let room = ringBlocks
  let strayTimestamp: number | undefined
  let missing = longestConcealment
  let jitterSamples = 0
  let transit: number | undefined
  let extraMs = 0
  let calm = 0
  let shallowest = Infinity
  let takes = 0

  const depthMs = () => (depth * frameMs) / blocksPerFrame
  const targetMs = () => {
    const wanted = frameMs + extraMs + (3 * jitterSamples) / 8
    return Math.min(mostMs, Math.max(leastMs, Math.ceil(wanted / frameMs) * frameMs))
  }

  /** @param reorderable blocks before this one that were never played, and may still be put in their place. */
  function startAt(timestamp: number, reorderable = ringBlocks): void {
    filled.fill(0)
    depth = 0
    headTimestamp = timestamp
    state = 'filling'
    room = reorderable
    waitedTakes = 0
    strayTimestamp = undefined
  }

  function noteTransit(timestamp: number, nowMs: number): void {
    const now = nowMs * 8 - timestamp
    const moved = transit === undefined ? 0 : Math.abs(now - transit)
    if (moved < 8_000) jitterSamples += (moved - jitterSamples) / 16
    transit = now
    if (++calm < calmPackets) return
    calm = 0
    extraMs = Math.max(0, extraMs - frameMs)
  }

  function widen(): void {
    calm = 0
    extraMs = Math.min(mostMs - leastMs, extraMs + frameMs)
  }

  /** @returns the block, counted from the head, where this packet belongs; undefined when it has no place. */
  function placeOf(timestamp: number, blocks: number): number | undefined {
    if (headTimestamp === undefined) startAt(timestamp)
    const samplesAhead = (timestamp - (headTimestamp ?? timestamp)) | 0
    const ahead = Math.round(samplesAhead / blockSamples)
    if (Math.abs(ahead) > furthestBlocks) {
      const isContinued = timestamp === strayTimestamp
      strayTimestamp = (timestamp + blocks * blockSamples) >>> 0
      // After a pause nothing is lost by believing a step forward at once.
      if (!isContinued && !(state === 'empty' && ahead > 0)) return undefined
      startAt(timestamp)
      return 0
    }
    if (state === 'empty' && ahead >= 0) {
      // Nothing is missing between: it was late, the caller had not paused.
      if (ahead === 0) widen()
      startAt(timestamp, ahead)
    } else if (ahead < 0 && state === 'filling' && -ahead <= Math.min(room, ringBlocks - depth)) backUp(-ahead)
    else if (ahead < 0) return undefined
    else return ahead
    return 0
  }

  function backUp(blocks: number): void {
    headBlock = (headBlock - blocks + ringBlocks) % ringBlocks
    headTimestamp = ((headTimestamp ?? 0) - blocks * blockSamples) >>> 0
    depth += blocks
    room -= blocks
  }

  function advance(blocks: number): void {
    for (let i = 0; i < blocks; i++) filled[(headBlock + i) % ringBlocks] = 0
    headBlock = (headBlock + blocks) % ringBlocks
    headTimestamp = ((headTimestamp ?? 0) + blocks * blockSamples) >>> 0
    depth = Math.max(0, depth - blocks)
  }

  function conceal(into: Uint8Array): FrameKind {
    if (++missing > longestConcealment) {
      into.fill(alawSilence)
      return 'silence'
    }
    halveAlaw(last)
    into.set(last)
    counts.concealed++
    return 'concealed'
  }

  function read(into: Uint8Array): boolean {
    let isHeard = false
    for (let i = 0; i < blocksPerFrame; i++) {
      const block = (headBlock + i) % ringBlocks
      if (filled[block]) into.set(ring.subarray(block * blockSamples, (block + 1) * blockSamples), i * blockSamples)
      else into.fill(alawSilence, i * blockSamples, (i + 1) * blockSamples)
      isHeard ||= filled[block] === 1
    }
    return isHeard
  }

  return {
    /** @param payload A-law, a whole number of 10 ms blocks, at most 60 ms; anything else is dropped and counted. */
    put(timestamp: number, payload: Uint8Array, nowMs: number): void {
      const blocks = payload.length / blockSamples
      if (!Number.isInteger(blocks) || blocks === 0 || payload.length > longestPayload) {
        counts.malformed++
        return
      }
      noteTransit(timestamp, nowMs)
      const at = placeOf(timestamp, blocks)
      if (at === undefined) {
        counts.late++
        if (strayTimestamp === undefined) widen()
        return
      }
      strayTimestamp = undefined
      const over = at + blocks - ringBlocks
      if (over > 0) {
        advance(over)
        counts.overrun += over
      }
      const from = over > 0 ? at - over : at
      const first = (headBlock + from) % ringBlocks
      if (filled[first]) {
        counts.doubled++
        return
      }
      for (let i = 0; i < blocks; i++) {
        const block = (first + i) % ringBlocks
        ring.set(payload.subarray(i * blockSamples, (i + 1) * blockSamples), block * blockSamples)
        filled[block] = 1
      }
      depth = Math.max(depth, from + blocks)
    },

    /** The next 20 ms, always a whole frame. @param into 160 bytes, written whole. */
    take(into: Uint8Array): FrameKind {
      if (state === 'filling' && (depthMs() >= targetMs() || ++waitedTakes * frameMs > targetMs())) state = 'playing'
      if (state === 'playing' && depth === 0) state = 'empty'
      if (state !== 'playing') return conceal(into)

      shallowest = Math.min(shallowest, depthMs())
      takes++
      const isHeard = read(into)
      advance(blocksPerFrame)
      if (!isHeard) return conceal(into)
      missing = 0
      last.set(into)
      return 'heard'
    },

    /**
     * True when more is buffered than is needed: a sender whose clock is fast, or a burst after a hold-up. The taker
     * takes one frame more, so that no word is thrown away and delay does not grow.
     */
    hasSurplus(): boolean {
      if (state !== 'playing') return false
      if (depthMs() > targetMs() + mostMs) return true
      if (takes < reviewTakes) return false
      const isDeep = shallowest >= targetMs() + frameMs
      shallowest = Infinity
      takes = 0
      return isDeep
    },

    /** Another stream begins. What was buffered of the old one goes. */
    restart(): void {
      filled.fill(0)
      depth = 0
      headTimestamp = undefined
      strayTimestamp = undefined
      transit = undefined
      state = 'empty'
    },

    stats: (): JitterStats => ({ ...counts, bufferedMs: depthMs(), targetMs: targetMs() }),
  }
}
