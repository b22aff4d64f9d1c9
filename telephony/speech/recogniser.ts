/**
 * Recognition, the port: audio of one caller in, what was heard out. One file a vendor behind it.
 *
 * Invariant: a listening ends once, by onEnd or by onError, and says nothing afterwards; after close() it says nothing
 * at all. Nothing here decides what is said back: a Heard that must be confirmed is confirmed by key.
 */
import type { SpeechFault } from './speech-fault.ts'

/** `choices`: only one of the phrases just read out can be heard. The call words its questions by this. */
export type RecognitionCapability = 'none' | 'choices' | 'open'

export type Choice = { id: string; title: string; similar?: readonly string[] }

/** An entry with every way of asking for it that the knowledge base holds. */
export type Surface = { id: string; title: string; similar: readonly string[] }

export type ListenOrder = {
  mode: 'open' | 'choices'
  /** Required reading for `choices`: at most a dozen, of four syllables or more, or they are confused. */
  choices?: readonly Choice[]
  /** Words to expect; engines that cannot use them ignore them. */
  phrases: readonly string[]
}

export type Candidate = { id: string; title: string; score: number }

export type Heard = {
  /** As a person would write it; for a choice, its title. */
  text: string
  /** 0-1, as the engine sees itself; engines are not comparable. */
  confidence: number
  mustConfirm: boolean
  /** Choices or entries that it may have been, best first; empty when the text speaks for itself. */
  candidates: readonly Candidate[]
}

export type Hears = {
  onHypothesis?(text: string): void
  /** Comes more than once where the engine finds the ends of sentences by itself. */
  onFinal(heard: Heard): void
  onError(fault: SpeechFault): void
  /** Everything written before end() has been judged; no onFinal before it means that nothing was heard. */
  onEnd(): void
  onConnection?(isUp: boolean): void
}

export type Listening = {
  /** 16-bit samples at 8 kHz, 20 ms or more at a time, as they come in. Never blocks, never throws. */
  write(samples: Int16Array): void
  /** The caller has finished (end of turn): decide now. */
  end(): void
  close(): void
}

export type Recogniser = {
  readonly name: string
  readonly capability: RecognitionCapability
  /** A service over a connection that it reports (onConnection); the others are in this machine. */
  readonly isRemote: boolean
  /** The published base changed. Engines that keep no model of it do nothing. */
  learn(surfaces: readonly Surface[]): Promise<void>
  listen(order: ListenOrder, hears: Hears): Listening
  close(): Promise<void>
}

/** What is heard when nothing can be: the keys alone are left. */
export const deafRecogniser: Recogniser = {
  name: 'none',
  capability: 'none',
  isRemote: false,
  learn: () => Promise.resolve(),
  listen(_order, hears) {
    let isOver = false
    return {
      write() {},
      end() {
        if (!isOver) queueMicrotask(() => hears.onEnd())
        isOver = true
      },
      close() {
        isOver = true
      },
    }
  },
  close: () => Promise.resolve(),
}

/** Whether an engine can do what is ordered. */
export function canHear(capability: RecognitionCapability, mode: ListenOrder['mode']): boolean {
  return capability === 'open' || capability === mode
}
