/** What the phone process and the child that holds the decoders tell each other. Structured clone carries the audio. */
import type { AcousticModel } from './phones.ts'

/** Given to the child once, as its argument. Files are in a folder that the parent made and removes. */
export type ChildSettings = { model: AcousticModel; modelFolder: string; dictionaryFile: string; decoders: number }

export type DecodeMode = 'choices' | 'open'

export type ChildOrder =
  | { kind: 'decode'; id: number; mode: 'choices'; grammar: string; samples: Int16Array }
  | { kind: 'decode'; id: number; mode: 'open'; samples: Int16Array }
  /** From now on open questions are decoded with this language model. */
  | { kind: 'learn'; languageModelFile: string }

export type ChildReport =
  | { kind: 'ready' }
  /** A library or a model is not there, or does not load; the child ends. */
  | { kind: 'missing'; what: string }
  | { kind: 'decoded'; id: number; words: string }
  | { kind: 'failed'; id: number; why: string }
