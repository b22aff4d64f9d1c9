/**
 * Long work written as a generator that pauses between its steps, so that whoever runs it decides whether anything else
 * may happen meanwhile: a bench runs it at once, the server between turns.
 */
import { setImmediate } from 'node:timers/promises'

/** Yields where it may be interrupted; a step should take a few milliseconds at most. */
export type Steps<T> = Generator<void, T, void>

const sliceMs = 8

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
  let began = performance.now()
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (performance.now() - began < sliceMs) continue
    await setImmediate()
    if (!isWanted()) return undefined
    began = performance.now()
  }
}
