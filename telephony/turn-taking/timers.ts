/**
 * Every moment at which the floor has to act though nothing happens, one row a timer: when it is due, and what it does.
 * Each firing takes its own cause away; whatever the state, while the call lasts one of them is set.
 */
import { endpointDelayMs, messageLimitMs, utteranceLimitMs } from './endpointing.ts'
import { typingPauseMs } from './call-keys.ts'
import { callerHolds, change, isSilent, wordsOf, type FloorState, type Move } from './floor-state.ts'
import { pastPerson, silenceMs } from './ladders.ts'
import { prompt, resume, say, settle } from './mouth.ts'
import { end, goToPerson, keepSilent } from './outcomes.ts'
import { endTyping } from './pressed.ts'
import { promptSpeech } from './floor-events.ts'
import { bargeInMs, cutShort, decide, finishUtterance, weigh } from './utterance.ts'

/** A pause that brought no words: the bot goes on. */
const falseInterruptionMs = 2_000
const decisionMs = 2_000
const fillersAfterMs = [1_200, 5_000] as const
/** The server answers within eight seconds or hands over by itself; past this it is gone. */
const thinkingLimitMs = 10_000
/** The player says where it is several times a second. */
const playerLostMs = 10_000
/** Waiting callers are told their place every 30 s; after two such silences nobody looks for a person any more. */
const newsLimitMs = 60_000
const holdLimitMs = 10 * 60_000
/** A voice without a word, ms: while the bot is paused, while an answer waits (with and without interim words), else. */
const wordlessMs = { paused: 5_000, queuedOpen: 2_000, queued: 5_000, else: 10_000 } as const

type Timer = { dueAt: (state: FloorState) => number | undefined; fire: (move: Move) => void }

const timers: readonly Timer[] = [
  {
    // A voice reaches the length that may stop the bot.
    dueAt: ({ mouth, ear }) =>
      mouth.kind === 'playing' && ear.kind === 'voice' && !ear.utterance.isWeighed
        ? ear.since + bargeInMs - ear.utterance.voicedMs
        : undefined,
    fire: (move) => {
      const { ear } = move.state
      if (ear.kind !== 'idle') change(move, { ear: { ...ear, utterance: { ...ear.utterance, isWeighed: true } } })
      weigh(move)
    },
  },
  {
    // False interruption.
    dueAt: ({ mouth, ear }) => {
      if (mouth.kind !== 'paused' || (ear.kind === 'voice' && !ear.utterance.isNoise)) return undefined
      return Math.max(mouth.since, ear.kind === 'gap' ? ear.since : 0) + falseInterruptionMs
    },
    fire: resume,
  },
  {
    // A voice without words is no caller.
    dueAt: (state) => {
      const { ear } = state
      if (ear.kind !== 'voice' || ear.utterance.isNoise || wordsOf(ear.utterance)) return undefined
      return state.expects.kind === 'message' ? undefined : ear.utterance.startedAt + wordlessLimitMs(state)
    },
    fire: (move) => {
      const { ear } = move.state
      if (ear.kind !== 'idle') change(move, { ear: { ...ear, utterance: { ...ear.utterance, isNoise: true } } })
      resume(move)
    },
  },
  {
    // The longest that anybody may speak in one go.
    dueAt: ({ ear, expects }) =>
      ear.kind === 'idle' || ear.utterance.isNoise
        ? undefined
        : ear.utterance.startedAt + (expects.kind === 'message' ? messageLimitMs : utteranceLimitMs),
    fire: cutShort,
  },
  {
    // The caller has finished.
    dueAt: ({ ear, expects, pauseMs }) =>
      ear.kind === 'gap' ? ear.since + endpointDelayMs(expects, wordsOf(ear.utterance), pauseMs) : undefined,
    fire: finishUtterance,
  },
  { dueAt: ({ deciding }) => deciding && deciding.since + decisionMs, fire: decide },
  {
    // Typing has stopped.
    dueAt: ({ typed, typedAt, expects }) => (typed ? typedAt + typingPauseMs(expects, typed) : undefined),
    fire: endTyping,
  },
  {
    // A word while the caller waits for the answer.
    dueAt: (state) => {
      const { thinking, mouth, stage } = state
      const after = thinking && fillersAfterMs[thinking.fillers]
      if (!thinking || after === undefined || mouth.kind !== 'quiet' || stage !== 'bot') return undefined
      return callerHolds(state) ? undefined : thinking.since + after
    },
    fire: (move) => {
      const { thinking } = move.state
      if (!thinking) return
      change(move, { thinking: { ...thinking, fillers: thinking.fillers + 1 } })
      prompt(move, thinking.fillers === 0 ? 'filler' : 'filler-long')
    },
  },
  {
    // The server is gone.
    dueAt: ({ thinking, mouth }) =>
      thinking && (mouth.kind === 'quiet' || mouth.speech.interruptible) ? thinking.since + thinkingLimitMs : undefined,
    fire: (move) => {
      change(move, { thinking: undefined })
      if (move.state.stage !== 'bot') return
      goToPerson(move, 'failed')
      say(move, promptSpeech('apology', { kind: 'nothing' }))
    },
  },
  {
    // The player is gone.
    dueAt: ({ mouth }) => (mouth.kind === 'playing' ? mouth.since + playerLostMs : undefined),
    fire: (move) => settle(move, false),
  },
  {
    dueAt: (state) => (isSilent(state) && state.silentSince !== undefined ? state.silentSince + silenceMs : undefined),
    fire: keepSilent,
  },
  {
    // Nobody came, and nobody says so.
    dueAt: ({ stage, mouth, newsAt }) =>
      stage === 'waiting' && mouth.kind === 'quiet' ? newsAt + newsLimitMs : undefined,
    fire: (move) => {
      change(move, { stage: 'bot', ladders: pastPerson(move.state.ladders) })
      keepSilent(move)
    },
  },
]

const onHold: Timer = { dueAt: ({ heldSince }) => heldSince + holdLimitMs, fire: (move) => end(move, true) }

function wordlessLimitMs({ mouth, queue, capability }: FloorState): number {
  if (mouth.kind === 'paused') return wordlessMs.paused
  if (mouth.kind === 'quiet' && queue.length > 0)
    return capability === 'open' ? wordlessMs.queuedOpen : wordlessMs.queued
  return wordlessMs.else
}

export type Due = { at: number; fire: (move: Move) => void }

/** The timer that is due first; none with a person on the line and after the end. A held line has but one. */
export function firstDue(state: FloorState): Due | undefined {
  if (state.stage === 'ended' || state.stage === 'person') return undefined
  const due = (state.isHeld ? [onHold] : timers).flatMap(({ dueAt, fire }): Due[] => {
    const at = dueAt(state)
    return at === undefined ? [] : [{ at, fire }]
  })
  return due.reduce<Due | undefined>((first, one) => (!first || one.at < first.at ? one : first), undefined)
}
