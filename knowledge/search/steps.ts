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
const restMs = 20
let lastSlice: Promise<void> = Promise.resolve()

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
  return sliced(steps, isWanted, nextSlice)
}

/** The same for what nobody waits for: it rests after each slice, and again whenever something else was at work meanwhile. */
export async function inSpareTime<T>(steps: Steps<T>, isWanted: () => boolean): Promise<T | undefined> {
  return sliced(steps, isWanted, async () => {
    for (let isBusy = true; isBusy && isWanted(); ) {
      const began = performance.now()
      await setTimeout(restMs, undefined, { ref: false })
      isBusy = performance.now() - began > restMs + sliceMs / 2
    }
  })
}

async function sliced<T>(steps: Steps<T>, isWanted: () => boolean, pause: () => Promise<void>): Promise<T | undefined> {
  let began = performance.now()
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (performance.now() - began < sliceMs) continue
    await pause()
    if (!isWanted()) return undefined
    began = performance.now()
  }
}

function nextSlice(): Promise<void> {
  lastSlice = lastSlice.then(() => setImmediate())
  return lastSlice
}
