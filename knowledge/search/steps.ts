/**
 * Long work written as a generator that pauses between its steps, so that whoever runs it decides whether anything else
 * may happen meanwhile: a bench runs it at once, the server between turns.
 *
 * Invariant: however many work in slices at the same time, one slice at most stands between two looks at what came in.
 */
import { setImmediate, setTimeout } from 'node:timers/promises'

/** Yields where it may be interrupted; a step should take a few milliseconds at most. */
export type Steps<T> = Generator<void, T, void>

/** A turn goes to the database several times, and waits for the rest of a slice each time. */
const sliceMs = 4
const giveWayMs = 20
/** Where others take as much of a rest, there is no time to spare. */
const busyShare = 0.5
let lastSlice: Promise<void> = Promise.resolve()
/** How many are waited for. */
let waitedFor = 0

export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/**
 * Lets everything else that waits have its turn after every few milliseconds.
 *
 * @param isWanted asked at every pause. @returns undefined when it no longer was. @throws what the work throws.
 */
export async function inSlices<T>(steps: Steps<T>): Promise<T>
export async function inSlices<T>(steps: Steps<T>, isWanted: () => boolean): Promise<T | undefined>
export async function inSlices<T>(steps: Steps<T>, isWanted = () => true): Promise<T | undefined> {
  waitedFor++
  try {
    return await sliced(steps, isWanted, nextSlice)
  } finally {
    waitedFor--
  }
}

/**
 * The same for what nobody waits for: it gives way to all that is done in slices.
 *
 * @param rests how many times as long as it works, at least; as long as others keep the thread busy.
 */
export async function inSpareTime<T>(steps: Steps<T>, isWanted: () => boolean, rests = 0): Promise<T | undefined> {
  return sliced(steps, isWanted, async (workedMs) => {
    await nextSlice()
    if (rests > 0) await rest(rests * workedMs, isWanted)
    while (waitedFor > 0 && isWanted()) await setTimeout(giveWayMs, undefined, { ref: false })
  })
}

async function rest(ms: number, isWanted: () => boolean): Promise<void> {
  let isBusy = true
  while (isBusy && isWanted()) {
    const before = performance.eventLoopUtilization()
    await setTimeout(ms, undefined, { ref: false })
    isBusy = performance.eventLoopUtilization(before).utilization > busyShare
  }
}

async function sliced<T>(
  steps: Steps<T>,
  isWanted: () => boolean,
  pause: (workedMs: number) => Promise<void>,
): Promise<T | undefined> {
  let began = performance.now()
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    const workedMs = performance.now() - began
    if (workedMs < sliceMs) continue
    await pause(workedMs)
    if (!isWanted()) return undefined
    began = performance.now()
  }
}

function nextSlice(): Promise<void> {
  lastSlice = lastSlice.then(() => setImmediate())
  return lastSlice
}
