/**
 * From one sampling rate to another: a windowed-sinc low-pass, worked out once for each pair of rates.
 *
 * Invariant: what lies above the lower of the two Nyquist limits is gone before it can fold back (at least 60 dB
 * down, test/telephony/speech/resampler.test.ts), and silence stays silence.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Zero crossings kept on each side; with the window below this gives about 400 Hz of transition at 8 kHz. */
const reach = 24
/** Kaiser's beta for about 80 dB in the stop band. */
const beta = 8
/** The pass band ends a little early, so that the transition is over at the limit. */
const passShare = 0.92

/** Samples of one go beside running calls: a millisecond of work or two. */
const atOnce = 8_000

type Kernel = { up: number; down: number; halfWidth: number; phases: readonly Float64Array[] }
const kernels = new Map<string, Kernel>()

/**
 * @param samples 16-bit mono at `from` Hz
 * @returns as many as the same time holds at `to` Hz, rounded up
 */
export function resample(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples
  const resampling = resamplingOf(samples, from, to)
  resampling.fill(0, resampling.out.length)
  return resampling.out
}

/** The same beside running calls: a long sentence takes as long as a frame, and no frame shall be late for it. */
export async function resampleInSlices(samples: Int16Array, from: number, to: number): Promise<Int16Array> {
  if (from === to) return samples
  const { out, fill } = resamplingOf(samples, from, to)
  for (let at = 0; at < out.length; at += atOnce) {
    fill(at, Math.min(out.length, at + atOnce))
    await nextTurn()
  }
  return out
}

function resamplingOf(samples: Int16Array, from: number, to: number) {
  const { up, down, halfWidth, phases } = kernelFor(from, to)
  const out = new Int16Array(Math.ceil((samples.length * up) / down))
  // With silence around it, every output has all its inputs, and nothing is checked in the innermost loop.
  const padded = new Float64Array(samples.length + 4 * halfWidth)
  padded.set(samples, halfWidth - 1)

  function fill(begin: number, end: number): void {
    for (let n = begin; n < end; n++) {
      const position = n * down
      const at = Math.floor(position / up)
      const taps = phases[position % up] ?? new Float64Array()
      let sum = 0
      for (let k = 0; k < taps.length; k++) sum += (taps[k] ?? 0) * (padded[at + k] ?? 0)
      out[n] = Math.max(-32_768, Math.min(32_767, Math.round(sum)))
    }
  }
  return { out, fill }
}

function kernelFor(from: number, to: number): Kernel {
  const key = `${from}:${to}`
  const known = kernels.get(key)
  if (known) return known
  const shared = commonDivisor(from, to)
  const [up, down] = [to / shared, from / shared]
  const cutoff = Math.min(1, to / from) * passShare
  const halfWidth = Math.ceil(reach / Math.min(1, to / from))
  const phases = Array.from({ length: up }, (_, phase) => tapsAt(phase / up, cutoff, halfWidth))
  const kernel = { up, down, halfWidth, phases }
  kernels.set(key, kernel)
  return kernel
}

/** The filter as the input samples see it when the output falls `fraction` of a sample after one of them. */
function tapsAt(fraction: number, cutoff: number, halfWidth: number): Float64Array {
  const taps = Float64Array.from({ length: halfWidth * 2 }, (_, k) => {
    const t = k - halfWidth + 1 - fraction
    return cutoff * sinc(cutoff * t) * kaiser(t / halfWidth)
  })
  const gain = taps.reduce((sum, tap) => sum + tap, 0)
  return taps.map((tap) => tap / gain)
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))
const kaiser = (x: number) => (Math.abs(x) >= 1 ? 0 : bessel(beta * Math.sqrt(1 - x * x)) / bessel(beta))

/** Modified Bessel function of the first kind, order zero, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1]
  for (let k = 1; k < 40; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}
