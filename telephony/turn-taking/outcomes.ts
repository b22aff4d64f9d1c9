/**
 * What comes of a caller's words, keys or silence: a turn for the server, a question again, a person, the end. Every
 * way out of here either starts something that has a time limit or climbs a ladder that ends.
 */
import { silencePrompts, type PromptName } from '../prompts.ts'
import type { Expectation } from './expectation.ts'
import { promptSpeech, type FloorAction, type PersonReason } from './floor-events.ts'
import { change, type Move } from './floor-state.ts'
import { climbMiss, climbSilence, groundFloor, type MissRung, type SilenceRung } from './ladders.ts'
import { dropAll, dropQueue, prompt, resume, say, stop } from './mouth.ts'

/** Done by the caller, understood: the server has it now. What we meant to say before is stale. */
export function succeed(move: Move, action: FloorAction): void {
  change(move, { ladders: groundFloor, wasLong: false })
  handIn(move, action)
}

/** For the server, without counting as understood yet. */
export function handIn(move: Move, action: FloorAction): void {
  dropQueue(move)
  change(move, { confirming: undefined, typed: '', thinking: { since: move.now, fillers: 0 } })
  move.actions.push(action)
}

/** Asks for a person, and from now on only the server speaks. A second call says it again only where it is news. */
export function goToPerson(move: Move, reason: PersonReason, words?: string): void {
  const { stage } = move.state
  if (stage === 'person' || stage === 'ended') return
  stop(move)
  dropAll(move)
  change(move, {
    ...nothingUnderWay,
    stage: 'waiting',
    newsAt: stage === 'waiting' ? move.state.newsAt : move.now,
    ear: { kind: 'idle' },
    expects: { kind: 'nothing' },
  })
  if (stage !== 'waiting') move.actions.push({ kind: 'person', reason, ...(words ? { words } : {}) })
}

export const nothingUnderWay = {
  thinking: undefined,
  typed: '',
  confirming: undefined,
  wantsPerson: undefined,
  deciding: undefined,
} as const

/** Not understood, or a key that means nothing here. `near` is what we made of it, '' when nothing. */
export function miss(move: Move, near: string, by: 'voice' | 'keys'): void {
  if (move.state.stage !== 'bot') return
  const { ladders, rung } = climbMiss(move.state.ladders)
  const expects = move.state.confirming?.asked ?? move.state.expects
  change(move, { ladders, expects, confirming: undefined, typed: '', thinking: undefined })
  missMoves[rung](move, near, by)
}

const missMoves: Record<MissRung, (move: Move, near: string, by: 'voice' | 'keys') => void> = {
  rephrase: (move, _near, by) => prompt(move, rephrasing(move.state.expects, by)),
  'offer-topics': (move, near) => handIn(move, { kind: 'offerTopics', near }),
  person: (move) => goToPerson(move, 'stuck'),
}

/** A caller whose words cannot be taken is not asked for other words. */
function rephrasing({ kind }: Expectation, by: 'voice' | 'keys'): PromptName {
  if (kind === 'topic') return 'no-match-keys'
  if (by === 'voice') return 'no-match'
  return kind === 'open' ? 'no-match-keys' : 'key-unknown'
}

/** Nobody said anything for too long. */
export function keepSilent(move: Move): void {
  if (move.state.stage !== 'bot') return
  const { ladders, rung } = climbSilence(move.state.ladders, move.state.expects)
  change(move, { ladders, silentSince: undefined })
  silenceMoves[rung](move)
}

const silenceMoves: Record<SilenceRung, (move: Move) => void> = {
  reprompt: (move) => prompt(move, silencePrompts[move.state.expects.kind][0]),
  'reprompt-with-keys': (move) => prompt(move, silencePrompts[move.state.expects.kind][1]),
  person: (move) => goToPerson(move, 'silent'),
  callback: (move) => {
    move.actions.push({ kind: 'callback' })
    prompt(move, 'not-connected')
  },
  'hang-up': (move) => takeLeave(move),
}

/** Goodbye after what is still to be said; the call ends with it. */
export function takeLeave(move: Move): void {
  if (move.state.stage === 'ended' || move.state.stage === 'leaving') return
  const goodbye = promptSpeech('goodbye', move.state.expects)
  change(move, {
    ...nothingUnderWay,
    stage: 'leaving',
    ear: { kind: 'idle' },
    queue: [...move.state.queue, goodbye],
  })
  if (!move.state.isHeld) resume(move)
}

/** Whatever was going on, it is over. */
export function end(move: Move, byUs: boolean): void {
  stop(move)
  dropAll(move)
  change(move, { ...nothingUnderWay, stage: 'ended', ear: { kind: 'idle' } })
  if (byUs) move.actions.push({ kind: 'hangUp' })
}

/** The last line again, from its beginning; before any line, the question that is open. */
export function repeat(move: Move): void {
  const { lastLine, confirming, expects } = move.state
  stop(move)
  const again = confirming
    ? confirmation(confirming.text)
    : (lastLine ?? promptSpeech(silencePrompts[expects.kind][1], expects))
  change(move, { typed: '', queue: [again, ...move.state.queue] })
}

/** Did we hear right. */
export function confirm(move: Move, text: string, confidence: number): void {
  const asked = move.state.confirming?.asked ?? move.state.expects
  change(move, { confirming: { text, confidence, asked } })
  say(move, confirmation(text))
}

const confirmation = (text: string) => promptSpeech('confirm', { kind: 'yes-no' }, text)
