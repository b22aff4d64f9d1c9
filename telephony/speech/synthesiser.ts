/**
 * Synthesis, the port: text in, A-law at 8 kHz out, sentence by sentence; the next is made while one is heard.
 *
 * Invariant: what was rendered once is not rendered again while the cache holds it, also when two calls ask at the
 * same time. An engine that fails twice in a call, or cannot be reached for 3 s, is left for the rest of that call.
 */
import type { Clock } from '../rtp/clock.ts'
import { failOver, failOverStart, type FailOverEvent, type FailOverState, type FailOverStep } from './fail-over.ts'
import type { RecordedPrompts } from './recorded-prompts.ts'
import { sentences } from './sentences.ts'
import type { SpeechCache } from './speech-cache.ts'
import { SpeechFault } from './speech-fault.ts'
import { spokenText } from './spoken-text.ts'

export type SynthesisEngine = {
  readonly name: string
  readonly voice: string
  /** 1 is the voice's own pace. */
  readonly rate: number
  /** @param spoken what spokenText gave, one sentence. @throws SpeechFault */
  render(spoken: string): Promise<Uint8Array>
  close(): Promise<void>
}

/** One sentence: as it was written, for the record of what was heard, and as it sounds (8 bytes a millisecond). */
export type SpokenSentence = { text: string; speech: Uint8Array }

export type EngineSwitch = { from: string; to: string; reason: string; tellCaller: boolean }
export type SpeakOptions = { prompt?: string; signal?: AbortSignal }

/** The voice of one call. */
export type Voice = {
  /**
   * @param options `prompt` names a fixed phrase that a recording may replace; `signal` stops it
   * @throws SpeechFault from the iteration when no engine is left that can speak
   */
  speak(text: string, options?: SpeakOptions): AsyncGenerator<SpokenSentence, void, undefined>
}

export type Synthesiser = ReturnType<typeof synthesiser>

type Parts = {
  /** The preferred first; may be empty, then only recorded phrases are heard. */
  engines: readonly SynthesisEngine[]
  cache: SpeechCache
  prompts: RecordedPrompts
  clock: Clock
}

/** A failed engine is not the first choice of new calls for this long. */
const restMs = 60_000
const attemptsOfLast = 2

export function synthesiser({ engines, cache, prompts, clock }: Parts) {
  const underWay = new Map<string, Promise<Uint8Array>>()
  const restsUntilMs = engines.map(() => 0)

  function render(engine: SynthesisEngine, spoken: string): Promise<Uint8Array> {
    const { name, voice, rate } = engine
    const key = { engine: name, voice, rate, text: spoken }
    const id = JSON.stringify(key)
    const known = underWay.get(id)
    if (known) return known
    const made = (async () => {
      const kept = await cache.find(key)
      if (kept) return kept
      const speech = await engine.render(spoken)
      if (speech.length === 0) throw new SpeechFault(name, 'gave no audio')
      await cache.keep(key, speech)
      return speech
    })()
    underWay.set(id, made)
    const forget = () => void underWay.delete(id)
    made.then(forget, forget)
    return made
  }

  function voice(onSwitch: (change: EngineSwitch) => void): Voice {
    const awake = restsUntilMs.findIndex((until) => until <= clock.nowMs())
    let state: FailOverState = failOverStart(awake < 0 ? Math.max(0, engines.length - 1) : awake)

    function happened(event: FailOverEvent, atMs: number): FailOverStep {
      const step = failOver(state, event, engines.length, atMs)
      state = step.state
      const { switched } = step
      if (switched) {
        restsUntilMs[switched.from] = clock.nowMs() + restMs
        const [from = '', to = ''] = [engines[switched.from]?.name, engines[switched.to]?.name]
        onSwitch({ from, to, reason: switched.reason, tellCaller: switched.tellCaller })
      }
      return step
    }

    async function prepared(sentence: string): Promise<Uint8Array> {
      const spoken = spokenText(sentence)
      for (let attempt = 1; ; attempt++) {
        const at = state.engine
        const engine = engines[at]
        if (!engine) throw new SpeechFault('none', 'no voice is installed')
        const startedMs = clock.nowMs()
        try {
          return await render(engine, spoken)
        } catch (error) {
          if (!(error instanceof SpeechFault)) throw error
          if (state.engine === at) {
            happened({ kind: 'unconnected' }, startedMs)
            if (state.engine === at) happened({ kind: 'error' }, clock.nowMs())
            if (state.engine === at) happened({ kind: 'idle' }, clock.nowMs())
          }
          if (state.engine === at && at === engines.length - 1 && attempt >= attemptsOfLast) throw error
          if (state.engine !== at) attempt = 0
        }
      }
    }

    return {
      async *speak(text, { prompt, signal } = {}) {
        const recorded = prompt === undefined ? undefined : await prompts.find(prompt)
        if (recorded) {
          if (!signal?.aborted) yield { text, speech: recorded }
          return
        }
        const pieces = sentences(text).filter((piece) => spokenText(piece) !== '')
        const begin = (i: number) => {
          const piece = pieces[i]
          const speech = piece === undefined ? undefined : prepared(piece)
          speech?.catch(() => undefined) // it is thrown where it is awaited, or nobody waits for it any more
          return speech
        }
        let next = begin(0)
        for (const [i, piece] of pieces.entries()) {
          const speech = await next
          if (signal?.aborted || !speech) return
          next = begin(i + 1)
          yield { text: piece, speech }
        }
      },
    }
  }

  return {
    /** Whether anything but recordings can be heard. */
    canSpeak: engines.length > 0,
    /** @param onSwitch is told every time that an engine is left; an alert for operations. */
    voice,
    async close(): Promise<void> {
      await Promise.all(engines.map((engine) => engine.close()))
    },
  }
}
