/**
 * Saying things: one speech at a time, none while the caller speaks or types or the line is held, each reported once
 * by how much of it was heard. A pause goes on at the start of the sentence it cut.
 */
import { askable } from './expectation.ts'
import { promptSpeech, type Speech } from './floor-events.ts'
import { callerHolds, change, isOurs, type Move } from './floor-state.ts'
import { furthest, notYet, type Cursor } from './heard.ts'
import type { PromptName } from '../prompts.ts'

/** Queues a speech; it begins at once when the floor is free. */
export function say(move: Move, speech: Speech): void {
  change(move, { queue: [...move.state.queue, speech] })
  speakNext(move)
}

/** A fixed phrase that does not change what is awaited. */
export function prompt(move: Move, name: PromptName, fill?: string): void {
  say(move, promptSpeech(name, move.state.expects, fill))
}

/** Begins the next speech if nothing is in its way. */
export function speakNext(move: Move): void {
  const { state, now } = move
  const [speech, ...queue] = state.queue
  const mayLeave = state.stage === 'leaving' && !state.isHeld
  if (!speech || state.mouth.kind !== 'quiet' || !(isOurs(state) || mayLeave)) return
  if (callerHolds(state) || state.typed) return
  const play = state.plays + 1
  change(move, {
    queue,
    plays: play,
    mouth: { kind: 'playing', play, speech, cursor: notYet, heard: notYet, since: now },
    expects: askable(speech.expects, state.capability),
    ...(speech.prompt ? {} : { lastLine: speech, confirming: undefined }),
  })
  move.actions.push({ kind: 'play', play, speech })
}

export function pause(move: Move): void {
  const { mouth } = move.state
  if (mouth.kind !== 'playing') return
  change(move, { mouth: { ...mouth, kind: 'paused', since: move.now } })
  move.actions.push({ kind: 'pause', play: mouth.play })
}

export function resume(move: Move): void {
  const { mouth } = move.state
  if (mouth.kind !== 'paused') return
  const { play, cursor } = mouth
  change(move, { mouth: { ...mouth, kind: 'playing', since: move.now } })
  move.actions.push({ kind: 'resume', play, sentence: cursor.sentence })
}

export function played(move: Move, play: number, cursor: Cursor): void {
  const { mouth } = move.state
  if (mouth.kind === 'quiet' || mouth.play !== play) return
  const since = mouth.kind === 'playing' ? move.now : mouth.since
  change(move, { mouth: { ...mouth, cursor, heard: furthest(mouth.heard, cursor), since } })
}

/** Cuts what is being said, if anything is. */
export function stop(move: Move): void {
  const { mouth } = move.state
  if (mouth.kind === 'quiet') return
  move.actions.push({ kind: 'stopPlaying', play: mouth.play })
  settle(move, false)
}

/** Takes back all that was not said yet. */
export const dropAll = (move: Move) => dropQueue(move, () => false)

/** The speech is over; `isWhole` when it was said to its end. */
export function settle(move: Move, isWhole: boolean): void {
  const { mouth } = move.state
  if (mouth.kind === 'quiet') return
  const { play, speech, heard } = mouth
  change(move, { mouth: { kind: 'quiet' } })
  move.actions.push({ kind: 'heard', play, speech, cursor: heard, isWhole })
}

const mustBeHeardOut = ({ interruptible }: Speech) => !interruptible
export const asksForRating = ({ expects }: Speech) => expects.kind === 'rating'

/** Takes back what was not said yet, but for what stays. */
export function dropQueue(move: Move, stays: (speech: Speech) => boolean = mustBeHeardOut): void {
  for (const speech of move.state.queue)
    if (!stays(speech)) move.actions.push({ kind: 'heard', speech, cursor: notYet, isWhole: false })
  change(move, { queue: move.state.queue.filter(stays) })
}
