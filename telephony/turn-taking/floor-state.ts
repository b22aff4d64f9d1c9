/**
 * Who holds the floor: the bot, the caller, both, nobody. The state of one call's talk; plain data, never changed in
 * place. `mouth` is what we say, `ear` what the caller does, `deciding` what a recogniser still owes us.
 */
import { firstPauseMs } from './endpointing.ts'
import { askable, type Capability, type Expectation } from './expectation.ts'
import type { FloorAction, Speech } from './floor-events.ts'
import type { Cursor } from './heard.ts'
import { groundFloor, type Ladders } from './ladders.ts'

/** `waiting` for a person, `leaving` after goodbye. */
export type Stage = 'bot' | 'waiting' | 'person' | 'leaving' | 'ended'

export type Mouth =
  | { kind: 'quiet' }
  | { kind: 'playing' | 'paused'; play: number; speech: Speech; cursor: Cursor; heard: Cursor; since: number }
/** One go at speaking, pauses included. */
export type Utterance = {
  startedAt: number
  voicedMs: number
  hypothesis: string
  /** Finals so far, and the least confidence among them. */
  text: string
  confidence: number
  mustConfirm: boolean
  /** The barge-in of this voice was looked at when it reached 500 ms. */
  isWeighed: boolean
  /** A voice without words for too long: a television, not the caller. It holds nothing up. */
  isNoise: boolean
  /** When the silence began that this broke; it goes on if this turns out to be nothing. */
  silentSince: number | undefined
}
export type Ear = { kind: 'idle' } | { kind: 'voice' | 'gap'; since: number; utterance: Utterance }

export type FloorState = {
  capability: Capability
  stage: Stage
  isHeld: boolean
  isGreeted: boolean
  mouth: Mouth
  /** To be said as soon as the floor is free. */
  queue: readonly Speech[]
  ear: Ear
  deciding: { session: number; since: number; utterance: Utterance } | undefined
  expects: Expectation
  listening: { session: number; expects: Expectation } | undefined
  sessions: number
  plays: number
  /** The server works for us since then; so many fillers were said. */
  thinking: { since: number; fillers: number } | undefined
  /** Digits typed so far, the last of them at `typedAt`. */
  typed: string
  typedAt: number
  /** Words we are not sure of, and what was awaited when they came. */
  confirming: { text: string; confidence: number; asked: Expectation } | undefined
  ladders: Ladders
  /** The 20 s limit was reached in the last utterance already. */
  wasLong: boolean
  /** The caller's own average pause, ms. */
  pauseMs: number
  /** End of the last committed voice: the caller going on soon after shows their pause was longer than we thought. */
  committedVoiceEnd: number | undefined
  /** A person was asked for during words that are heard out. */
  wantsPerson: string | undefined
  lastLine: Speech | undefined
  /** Nobody speaks, nothing is under way. */
  silentSince: number | undefined
  /** Last word about the queue. */
  newsAt: number
  heldSince: number
}

export function newFloor(capability: Capability, nowMs: number): FloorState {
  return {
    capability,
    stage: 'bot',
    isHeld: false,
    isGreeted: false,
    mouth: { kind: 'quiet' },
    queue: [],
    ear: { kind: 'idle' },
    deciding: undefined,
    expects: askable({ kind: 'open' }, capability),
    listening: undefined,
    sessions: 0,
    plays: 0,
    thinking: undefined,
    typed: '',
    typedAt: nowMs,
    confirming: undefined,
    ladders: groundFloor,
    wasLong: false,
    pauseMs: firstPauseMs,
    committedVoiceEnd: undefined,
    wantsPerson: undefined,
    lastLine: undefined,
    silentSince: nowMs,
    newsAt: nowMs,
    heldSince: nowMs,
  }
}

/** One step being made: the state so far, what is to be done, and the moment. Lives for the length of one call of `step`. */
export type Move = { state: FloorState; readonly actions: FloorAction[]; readonly now: number }

export function change(move: Move, what: Partial<FloorState>): void {
  move.state = { ...move.state, ...what }
}

/** The bot is on the line at all. */
export const isOurs = ({ stage, isHeld }: FloorState) => !isHeld && (stage === 'bot' || stage === 'waiting')

export const isSpeaking = ({ mouth }: FloorState) => mouth.kind === 'playing'

/** The caller is speaking, or has just spoken and may go on. */
export function callerHolds({ ear, deciding }: FloorState): boolean {
  return deciding !== undefined || (ear.kind !== 'idle' && !ear.utterance.isNoise)
}

export function holder(state: FloorState): 'bot' | 'caller' | 'both' | 'nobody' {
  if (isSpeaking(state)) return callerHolds(state) ? 'both' : 'bot'
  return callerHolds(state) ? 'caller' : 'nobody'
}

/** What has been recognised of an utterance. */
export const wordsOf = ({ text, hypothesis }: Utterance) => text + hypothesis

/** How long its voice has lasted. */
export function voicedMs(ear: Ear, now: number): number {
  if (ear.kind === 'idle') return 0
  return ear.utterance.voicedMs + (ear.kind === 'voice' ? now - ear.since : 0)
}

/** The ladder's clock runs: nobody speaks, nothing is typed, thought about or queued. */
export function isSilent(state: FloorState): boolean {
  const { stage, isHeld, mouth, queue, thinking, typed } = state
  if (stage !== 'bot' || isHeld || thinking || typed || queue.length > 0) return false
  return mouth.kind === 'quiet' && !callerHolds(state)
}
