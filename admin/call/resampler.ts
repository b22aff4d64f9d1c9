/**
 * One sound at another rate: a microphone's 44 100 or 48 000 Hz to the line's 8 000, and back.
 *
 * A windowed sinc, so that nothing above 4 kHz folds into speech on the way down, and no image of speech stands above
 * 4 kHz on the way up. It is exact for any two whole rates: it steps in fractions of the input and never drifts. It
 * allocates only when it is made, because it runs in the audio thread.
 */

/** Telephone speech ends at 3.4 kHz and the line at 4; the filter falls between. */
const cutoffHz = 3_700
/** Half the length of the filter. With the window below: 0.1 dB at 3.4 kHz, 60 dB down from 4 kHz on. */
const reachSeconds = 0.0031
const kaiserBeta = 5.65

export type Resampler = ReturnType<typeof resampler>

/** @param fromHz @param toHz one of them is the line's rate, or both are. */
export function resampler(fromHz: number, toHz: number) {
  const shared = greatestDivisor(fromHz, toHz)
  /** Positions are counted in fractions of an input sample: one input is `perInput`, one output `perOutput`. */
  const perInput = toHz / shared
  const perOutput = fromHz / shared
  const taps = 2 * Math.ceil(reachSeconds * fromHz)
  const kernels = Array.from({ length: perInput }, (_, phase) => kernelAt(phase / perInput, taps, fromHz))
  // Written twice, so that the newest `taps` samples always lie in one piece.
  const heard = new Float32Array(2 * taps)
  let newest = 0
  let due = perInput

  function take(sample: number): void {
    newest = newest === 0 ? taps - 1 : newest - 1
    heard[newest] = sample
    heard[newest + taps] = sample
    due -= perInput
  }

  function make(): number {
    const kernel = kernels[due]
    let sum = 0
    if (kernel) for (let k = 0; k < taps; k++) sum += (kernel[k] ?? 0) * (heard[newest + k] ?? 0)
    due += perOutput
    return sum
  }

  return {
    /** One sample in; out come the samples that are due by then, none or several. */
    push(sample: number, give: (sample: number) => void): void {
      take(sample)
      while (due < perInput) give(make())
    },
    /** One sample out, for as many in as it takes. */
    pull(read: () => number): number {
      while (due >= perInput) take(read())
      return make()
    },
  }
}

/** The weights of the newest, second newest, ... input for an output that lies `fraction` of an input later. */
function kernelAt(fraction: number, taps: number, fromHz: number): Float32Array {
  const kernel = Float32Array.from({ length: taps }, (_, k) => {
    const offset = k + fraction - taps / 2
    return sinc((2 * cutoffHz * offset) / fromHz) * kaiser(offset / (taps / 2))
  })
  const gain = kernel.reduce((sum, weight) => sum + weight, 0)
  return kernel.map((weight) => weight / gain)
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))
const kaiser = (x: number) =>
  Math.abs(x) >= 1 ? 0 : besselI0(kaiserBeta * Math.sqrt(1 - x * x)) / besselI0(kaiserBeta)

function besselI0(x: number): number {
  let [term, sum] = [1, 1]
  for (let k = 1; k < 30; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}
