/**
 * The two ends of the audio thread. `capture` turns the microphone into A-law frames of 20 ms; `playback` turns frames
 * into sound. A file of its own that the page loads by address, so the page's policy (script-src 'self') holds.
 *
 * `process` runs every 128 samples and must not wait, throw or make garbage worth speaking of.
 */
import { decodeAlaw, encodeAlaw, frameSamples, lineRate } from './g711.ts'
import { playBuffer, type PlayStats } from './play-buffer.ts'
import { resampler } from './resampler.ts'

declare const sampleRate: number
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void

/** What `playback` tells ten times a second. `loudness`: of what was really played, in [0, 1]. */
export type Played = PlayStats & { loudness: number }

const silentBlock = new Float32Array(128)

class Capture extends AudioWorkletProcessor {
  private readonly toLine = resampler(sampleRate, lineRate)
  private frame = new Uint8Array(frameSamples)
  private filled = 0

  process(inputs: Float32Array[][]): boolean {
    const microphone = inputs[0]?.[0]
    // Without a channel the microphone gives nothing; the frames go on, so that the line hears silence and not a hole.
    for (const sample of microphone ?? silentBlock) this.toLine.push(sample, this.keep)
    return true
  }

  private readonly keep = (sample: number): void => {
    this.frame[this.filled++] = encodeAlaw(sample)
    if (this.filled < frameSamples) return
    this.port.postMessage(this.frame, [this.frame.buffer])
    this.frame = new Uint8Array(frameSamples)
    this.filled = 0
  }
}

class Playback extends AudioWorkletProcessor {
  private readonly fromLine = resampler(lineRate, sampleRate)
  private readonly buffer = playBuffer()
  private readonly tellEvery = Math.round(sampleRate / 10)
  private energy = 0
  private played = 0

  constructor() {
    super()
    this.port.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof Uint8Array) this.buffer.put(Float32Array.from(data, decodeAlaw))
    }
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const speaker = outputs[0]?.[0]
    if (!speaker) return true
    for (let i = 0; i < speaker.length; i++) {
      const sample = this.fromLine.pull(this.next)
      speaker[i] = sample
      this.energy += sample * sample
    }
    this.played += speaker.length
    if (this.played >= this.tellEvery) this.tell()
    return true
  }

  private readonly next = (): number => this.buffer.take()

  private tell(): void {
    const told: Played = { ...this.buffer.stats(), loudness: Math.sqrt(this.energy / this.played) }
    this.port.postMessage(told)
    this.energy = 0
    this.played = 0
  }
}

registerProcessor('capture', Capture)
registerProcessor('playback', Playback)
