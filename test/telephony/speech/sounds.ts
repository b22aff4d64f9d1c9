/** Audio for the tests, all at 8 kHz, and what records what a listening told. */
import type { Heard, Hears } from '../../../telephony/speech/recogniser.ts'
import type { SpeechFault } from '../../../telephony/speech/speech-fault.ts'

export const lineRate = 8_000

export function tone(hertz: number, ms: number, rate = lineRate, amplitude = 8_000): Int16Array {
  return Int16Array.from({ length: Math.round((rate * ms) / 1_000) }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hertz * i) / rate)),
  )
}

export const silence = (ms: number) => new Int16Array((lineRate * ms) / 1_000)

export function joined(...parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]))
}

/** Frames of 20 ms. */
export function frames(samples: Int16Array): Int16Array[] {
  return Array.from({ length: Math.ceil(samples.length / 160) }, (_, i) => samples.slice(i * 160, (i + 1) * 160))
}

export function loudness(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length))
}

export function aHearing() {
  const hypotheses: string[] = []
  const finals: Heard[] = []
  const faults: SpeechFault[] = []
  let settle: () => void = () => undefined
  /** Resolves at the end of the listening, whether it ended well or not. */
  const over = new Promise<void>((resolve) => (settle = resolve))
  const hears: Hears = {
    onHypothesis: (text) => hypotheses.push(text),
    onFinal: (heard) => finals.push(heard),
    onError(fault) {
      faults.push(fault)
      settle()
    },
    onEnd: () => settle(),
  }
  return { hears, hypotheses, finals, faults, over }
}
