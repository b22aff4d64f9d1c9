/** What the phone process and the child that holds the decoders tell each other. Structured clone carries the audio. */
import type { AcousticModel } from './phones.ts'
import type { Choice, Surface } from './recogniser.ts'

/** Given to the child once, as its argument. `folder` was made by the parent, which removes it with all in it. */
export type ChildSettings = { model: AcousticModel; modelFolder: string; folder: string; decoders: number }

export type DecodeMode = 'choices' | 'open'
export type DecodeAsk = { mode: 'choices'; choices: readonly Choice[] } | { mode: 'open' }
export type DecodeOrder = { kind: 'decode'; id: number; ask: DecodeAsk; samples: Int16Array }

export type ChildOrder =
  | DecodeOrder
  /** From now on open questions are decoded by these. */
  | { kind: 'learn'; surfaces: readonly Surface[] }

/** What it may have been, best first; a closed choice gives one at most. */
export type Found = { id: string; score: number }

export type ChildReport =
  | { kind: 'ready' }
  /** A library or a model is not there, or does not load; the child ends. */
  | { kind: 'missing'; what: string }
  | { kind: 'decoded'; id: number; found: Found[] }
  | { kind: 'failed'; id: number; why: string }
