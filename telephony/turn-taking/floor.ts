/**
 * The floor of one call: who may speak now, and what follows from each thing that happens. `step` is the whole of it:
 * pure, the clock handed in; the call process feeds it events, carries the actions out in order, and wakes it up when
 * `wakeAt` says. Read floor-events.ts for what goes in and out.
 */
import { firstQuestion, type PromptName } from '../prompts.ts'
import { forget, takeWords, tune, voiceEnded, voiceStarted } from './ear.ts'
import { askable } from './expectation.ts'
import { promptSpeech, type FloorAction, type FloorEvent, type Speech } from './floor-events.ts'
import { change, isSilent, type FloorState, type Move } from './floor-state.ts'
import { groundFloor } from './ladders.ts'
import { asksForRating, dropAll, pause, played, resume, say, settle, speakNext, stop } from './mouth.ts'
import { notYet } from './heard.ts'
import { end, goToPerson, miss, nothingUnderWay, takeLeave } from './outcomes.ts'
import { honourZero, press } from './pressed.ts'
import { firstDue } from './timers.ts'
import { decide, weigh } from './utterance.ts'

export type Step = { state: FloorState; actions: FloorAction[] }

/** A late tick fires a handful; more is a bug, which must not stop the other calls of the process. */
const mostTimers = 50

/** @param nowMs any clock that does not run backwards, the same for all steps of a call. */
export function step(state: FloorState, event: FloorEvent, nowMs: number): Step {
  if (state.stage === 'ended') return { state, actions: afterTheEnd(event) }
  const move: Move = { state, actions: [], now: nowMs }
  handle(move, event)
  settleDown(move)
  // Timers that are due, also those that this event made due; each takes its own cause away.
  for (let due = firstDue(move.state), fired = 0; due && due.at <= nowMs; due = firstDue(move.state)) {
    if (++fired > mostTimers) throw new Error(`timers without end: ${due.fire.name} at ${due.at}`)
    due.fire(move)
    settleDown(move)
  }
  tune(move)
  return { state: move.state, actions: move.actions }
}

/** When to send `tick` if nothing else happens before; ms on the clock of the steps. */
export function wakeAt(state: FloorState): number | undefined {
  return firstDue(state)?.at
}

const firstQuestions: readonly PromptName[] = Object.values(firstQuestion)

type Handlers = { [K in FloorEvent['kind']]: (move: Move, event: Extract<FloorEvent, { kind: K }>) => void }

const handlers: Handlers = {
  answered: (move, { withNotice }) => {
    const { isGreeted, capability } = move.state
    if (isGreeted) return
    change(move, { isGreeted: true })
    const asked = askable({ kind: 'open' }, capability)
    say(move, promptSpeech('greeting', asked))
    if (withNotice) say(move, promptSpeech('legal-notice', asked))
    say(move, promptSpeech(firstQuestion[capability], asked))
  },
  say: (move, { speech }) => {
    const { stage, queue } = move.state
    change(move, { newsAt: move.now })
    if (stage === 'person') {
      move.actions.push({ kind: 'heard', speech, cursor: notYet, isWhole: false })
      return
    }
    change(move, { thinking: undefined })
    // What was being keyed is of the matter that is over.
    if (asksForRating(speech)) change(move, { typed: '' })
    const last = queue.at(-1)
    // Goodbye stays the last word.
    if (stage === 'leaving' && last?.prompt === 'goodbye')
      change(move, { queue: [...queue.slice(0, -1), speech, last] })
    else say(move, speech)
  },
  voiceStarted: (move, { voicedMs }) => voiceStarted(move, voicedMs),
  voiceEnded: (move, { silentMs }) => voiceEnded(move, silentMs),
  hypothesis: (move, { session, text }) => {
    if (takeWords(move, session, (utterance) => ({ ...utterance, hypothesis: text }))) weigh(move)
  },
  final: (move, { session, text, confidence, mustConfirm }) => {
    const isTaken = takeWords(move, session, (utterance) => ({
      ...utterance,
      hypothesis: '',
      text: utterance.text + text,
      confidence: Math.min(utterance.confidence, confidence),
      mustConfirm: utterance.mustConfirm || mustConfirm,
    }))
    if (isTaken) weigh(move)
  },
  listeningEnded: (move, { session }) => {
    if (move.state.deciding?.session === session) decide(move)
    else if (move.state.listening?.session === session) change(move, { listening: undefined })
  },
  key: (move, { key }) => press(move, key),
  speechPlayed: (move, { play, cursor }) => played(move, play, cursor),
  speechFinished: (move, { play }) => {
    const { mouth } = move.state
    if (mouth.kind !== 'quiet' && mouth.play === play) settle(move, true)
  },
  thinkingStarted: (move) => {
    if (move.state.stage === 'bot' && !move.state.thinking) change(move, { thinking: { since: move.now, fillers: 0 } })
  },
  thinkingEnded: (move) => change(move, { thinking: undefined }),
  missed: (move) => {
    honourZero(move)
    miss(move, '', 'keys')
  },
  held: (move) => {
    if (move.state.isHeld) return
    honourZero(move)
    pause(move)
    forget(move)
    change(move, { isHeld: true, heldSince: move.now, typed: '', thinking: undefined })
  },
  unheld: (move) => {
    if (!move.state.isHeld) return
    change(move, { isHeld: false, newsAt: move.now })
    resume(move)
  },
  queued: (move) => {
    if (move.state.stage !== 'bot') return
    forget(move)
    change(move, { ...nothingUnderWay, stage: 'waiting', newsAt: move.now, expects: { kind: 'nothing' } })
  },
  stillWaiting: (move) => change(move, { newsAt: move.now }),
  bridged: (move) => {
    stop(move)
    dropAll(move)
    forget(move)
    change(move, { ...nothingUnderWay, stage: 'person' })
  },
  returned: (move) => {
    const { stage, capability, ladders } = move.state
    if (stage !== 'person' && stage !== 'waiting') return
    const expects = askable({ kind: 'open' }, capability)
    change(move, { stage: 'bot', expects, ladders: stage === 'person' ? groundFloor : { ...ladders, misses: 0 } })
  },
  capabilityChanged: (move, { capability }) => {
    const { expects, mouth, queue, plays } = move.state
    if (capability === move.state.capability) return
    forget(move)
    const asked = askable(expects.kind === 'topic' ? { kind: 'open' } : expects, capability)
    const isFirstQuestion = ({ prompt }: Speech) => prompt !== undefined && firstQuestions.includes(prompt)
    change(move, { capability, expects: asked, queue: queue.filter((speech) => !isFirstQuestion(speech)) })
    for (const speech of queue.filter(isFirstQuestion))
      move.actions.push({ kind: 'heard', speech, cursor: notYet, isWhole: false })
    if (mouth.kind !== 'quiet' && isFirstQuestion(mouth.speech)) stop(move)
    // What was asked before is no longer true of this line.
    if (asked.kind !== expects.kind && plays > 0) say(move, promptSpeech(firstQuestion[capability], asked))
  },
  closed: (move) => {
    honourZero(move)
    takeLeave(move)
  },
  hungUp: (move) => end(move, false),
  tick: () => {},
}

function handle<K extends FloorEvent['kind']>(move: Move, event: Extract<FloorEvent, { kind: K }>): void {
  const handler: (move: Move, event: Extract<FloorEvent, { kind: K }>) => void = handlers[event.kind]
  handler(move, event)
}

/** What is true after every change: a free floor is used, the clock of the silence runs or not, goodbye ends the call. */
function settleDown(move: Move): void {
  const { wantsPerson } = move.state
  if (wantsPerson !== undefined && move.state.mouth.kind === 'quiet') goToPerson(move, 'asked', wantsPerson)
  speakNext(move)
  const { stage, isHeld, mouth, queue, silentSince } = move.state
  if (stage === 'leaving' && !isHeld && mouth.kind === 'quiet' && queue.length === 0) return end(move, true)
  const silent = isSilent(move.state)
  if (!silent && silentSince !== undefined) change(move, { silentSince: undefined })
  if (silent && silentSince === undefined) change(move, { silentSince: move.now })
}

/** Nothing is said any more, and the record hears so. */
function afterTheEnd(event: FloorEvent): FloorAction[] {
  return event.kind === 'say' ? [{ kind: 'heard', speech: event.speech, cursor: notYet, isWhole: false }] : []
}
