/**
 * All that can happen on a call, and all that may be done about it: two closed unions. The call process turns sound,
 * keys and the server's words into events and carries the actions out; the floor in between decides when.
 */
import type { Level } from '../../contract/rating.ts'
import { isHeardOut, type PromptName } from '../prompts.ts'
import type { Key } from './call-keys.ts'
import type { Capability, Expectation } from './expectation.ts'
import type { Cursor } from './heard.ts'

/** Something to be said: a line of the server's, or a fixed phrase by its name. Its sentences are the player's business. */
export type Speech = {
  /** The server's own mark of its line; a phrase's is its name. */
  id: string
  prompt?: PromptName
  /** What stands for `{}` in the phrase. */
  fill?: string
  /** Only key 0 cuts a speech short that is not. */
  interruptible: boolean
  /** What is awaited while and after it is said. */
  expects: Expectation
}

export function promptSpeech(prompt: PromptName, expects: Expectation, fill?: string): Speech {
  return { id: prompt, prompt, interruptible: !isHeardOut(prompt), expects, ...(fill === undefined ? {} : { fill }) }
}

export type FloorEvent =
  /** The call was picked up by the bot: greeting, notice, first question. Once a call; a second one does nothing. */
  | { kind: 'answered'; withNotice: boolean }
  /** Words of the server's, to be said when the floor is free. Ends the thinking. */
  | { kind: 'say'; speech: Speech }
  /** The voice detector is sure of a voice; it began `voicedMs` ago. */
  | { kind: 'voiceStarted'; voicedMs: number }
  /** `silentMs`: how long the detector waited before it said so. */
  | { kind: 'voiceEnded'; silentMs: number }
  /** Words so far of the listening `session`; replaces the last hypothesis. */
  | { kind: 'hypothesis'; session: number; text: string }
  /** Words that will not change any more; several add up. */
  | { kind: 'final'; session: number; text: string; confidence: number; mustConfirm: boolean }
  /** All that was written to the listening has been judged. */
  | { kind: 'listeningEnded'; session: number }
  | { kind: 'key'; key: Key }
  /** The player's cursor, every few hundred ms. `play` is the number given by the action. */
  | { kind: 'speechPlayed'; play: number; cursor: Cursor }
  | { kind: 'speechFinished'; play: number }
  /** The server works on something; `say` or `thinkingEnded` ends it. A committed turn starts it by itself. */
  | { kind: 'thinkingStarted' }
  | { kind: 'thinkingEnded' }
  /** What was keyed or said led to nothing: no topic by these initials. */
  | { kind: 'missed' }
  /** The caller's telephone, or an agent, put the line on hold, and took it back. */
  | { kind: 'held' }
  | { kind: 'unheld' }
  /** The server looks for a person of its own accord; what is queued is still said. */
  | { kind: 'queued' }
  /** The server still looks for a person. */
  | { kind: 'stillWaiting' }
  /** A person is on the line; the bot is silent until `returned`. */
  | { kind: 'bridged' }
  /** Back from the queue or from a person: nobody came, or the person has finished. */
  | { kind: 'returned' }
  /** The recogniser failed, or came back. */
  | { kind: 'capabilityChanged'; capability: Capability }
  /** The conversation is over for the server: goodbye, then the end of the call. */
  | { kind: 'closed' }
  /** The caller has gone. */
  | { kind: 'hungUp' }
  /** The moment named by `wakeAt` has come. */
  | { kind: 'tick' }

export type PersonReason = 'key' | 'asked' | 'silent' | 'stuck' | 'failed'

export type FloorAction =
  | { kind: 'play'; play: number; speech: Speech }
  | { kind: 'pause'; play: number }
  /** Goes on at the start of `sentence`, the one that was interrupted. */
  | { kind: 'resume'; play: number; sentence: number }
  | { kind: 'stopPlaying'; play: number }
  /** What the caller heard of a speech, told exactly once for each time it was to be said. `play` absent: never begun. */
  | { kind: 'heard'; play?: number; speech: Speech; cursor: Cursor; isWhole: boolean }
  /** A new recognition; for `message` a recording. Audio from a little before it belongs to it. */
  | { kind: 'startListening'; session: number; expects: Expectation }
  /** Decide now: `final` and `listeningEnded` are awaited, for two seconds at most. */
  | { kind: 'endListening'; session: number }
  /** Throw it away. */
  | { kind: 'stopListening'; session: number }
  /** One turn of the caller's, whole. Each is committed once. `by` keys: the digits of a number. */
  | { kind: 'commitTurn'; text: string; confidence: number; by: 'voice' | 'keys' }
  /** The recording of `session` is complete: keep it, open a ticket, call back. */
  | { kind: 'commitMessage'; session: number; voicedMs: number }
  | { kind: 'choose'; choice: 1 | 2 | 3 }
  | { kind: 'answerYesNo'; yes: boolean }
  | { kind: 'rate'; level: Level }
  /** By code (isTopicCode) or by initials; a `say` with the titles, or `missed`, is awaited. */
  | { kind: 'findTopics'; digits: string }
  /** Three titles to choose from, after two misses: nearest to `near`, else the most asked. A `say` is awaited. */
  | { kind: 'offerTopics'; near: string }
  /** `words`: what the caller said, for the record. */
  | { kind: 'person'; reason: PersonReason; words?: string }
  /** Call back the number that is calling: nobody came, and the caller says nothing. */
  | { kind: 'callback' }
  | { kind: 'hangUp' }
