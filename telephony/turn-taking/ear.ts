/**
 * Hearing: when a recognition is open, and the caller's voice as one utterance with its pauses. Words belong to a
 * session; those of a session that is over change nothing, so nothing is taken twice.
 */
import { longestDelayMs, learnPause } from './endpointing.ts'
import { askable, isSameExpectation, type Expectation } from './expectation.ts'
import { change, isOurs, type FloorState, type Move, type Utterance } from './floor-state.ts'

/** What a recognition should be open for now; none on hold, with a person, or on a line that is deaf. */
function wanted(state: FloorState): Expectation | undefined {
  const { stage, capability, mouth } = state
  const expects = askable(state.expects, capability)
  if (!isOurs(state)) return undefined
  if (expects.kind === 'message') return mouth.kind === 'quiet' ? expects : undefined
  if (capability === 'none' || (stage === 'waiting' && expects.kind === 'nothing')) return undefined
  return expects
}

/** Opens, changes or closes the recognition so that it fits the state. Done at the end of every step. */
export function tune(move: Move): void {
  const { listening, sessions } = move.state
  const expects = wanted(move.state)
  if (listening && expects && isSameExpectation(listening.expects, expects)) return
  if (listening) stopListening(move)
  if (!expects) return
  const session = sessions + 1
  change(move, { sessions: session, listening: { session, expects } })
  move.actions.push({ kind: 'startListening', session, expects })
}

/** Throws the open recognition away; the next one begins with the next words. */
export function stopListening(move: Move): void {
  const { listening } = move.state
  if (!listening) return
  move.actions.push({ kind: 'stopListening', session: listening.session })
  change(move, { listening: undefined })
}

/** A key was pressed, or the line is somebody else's: words under way are dropped. */
export function forget(move: Move): void {
  stopListening(move)
  const { deciding } = move.state
  if (deciding) move.actions.push({ kind: 'stopListening', session: deciding.session })
  change(move, { ear: { kind: 'idle' }, deciding: undefined })
}

export function voiceStarted(move: Move, voicedMs: number): void {
  const { ear, listening, pauseMs, committedVoiceEnd, thinking, silentSince } = move.state
  if (!listening || ear.kind === 'voice') return
  const since = move.now - voicedMs
  if (ear.kind === 'gap') {
    const paused = Math.max(0, since - ear.since)
    change(move, { ear: { ...ear, kind: 'voice', since }, pauseMs: learnPause(pauseMs, paused) })
    return
  }
  const utterance = { ...freshUtterance, startedAt: since, silentSince }
  // Going on while we think about what they said: that silence was a pause, and we took it for the end.
  const cutShort = thinking && committedVoiceEnd !== undefined ? since - committedVoiceEnd : longestDelayMs + 1
  change(move, {
    ear: { kind: 'voice', since, utterance },
    pauseMs: learnPause(pauseMs, cutShort),
    committedVoiceEnd: undefined,
  })
}

export function voiceEnded(move: Move, silentMs: number): void {
  const { ear } = move.state
  if (ear.kind !== 'voice') return
  const since = Math.max(ear.since, move.now - silentMs)
  const voicedMs = ear.utterance.voicedMs + since - ear.since
  change(move, { ear: { kind: 'gap', since, utterance: { ...ear.utterance, voicedMs } } })
}

/** Words from a recogniser. @returns false when they are of a session that is over. */
export function takeWords(move: Move, session: number, words: (utterance: Utterance) => Utterance): boolean {
  const { ear, listening, deciding, silentSince } = move.state
  if (deciding?.session === session) {
    change(move, { deciding: { ...deciding, utterance: words(deciding.utterance) } })
    return true
  }
  if (listening?.session !== session) return false
  if (ear.kind === 'idle') {
    // The detector missed a faint voice that the recogniser heard: each word puts the end off.
    const utterance = words({ ...freshUtterance, startedAt: move.now, silentSince })
    change(move, { ear: { kind: 'gap', since: move.now, utterance } })
    return true
  }
  const isFaint = ear.kind === 'gap' && ear.utterance.voicedMs === 0
  change(move, {
    ear: { ...ear, since: isFaint ? move.now : ear.since, utterance: { ...words(ear.utterance), isNoise: false } },
  })
  return true
}

const freshUtterance: Utterance = {
  startedAt: 0,
  voicedMs: 0,
  hypothesis: '',
  text: '',
  confidence: 1,
  mustConfirm: false,
  isWeighed: false,
  isNoise: false,
  silentSince: undefined,
}
