/**
 * What the caller's voice does to the floor: it stops the bot when it says something, pauses it when it might, and
 * becomes one turn when it has ended. A nod never stops the bot; what must be heard out is stopped by no voice.
 */
import { forget, stopListening } from './ear.ts'
import { promptSpeech } from './floor-events.ts'
import { change, voicedMs, wordsOf, type Move, type Utterance } from './floor-state.ts'
import { judge } from './ladders.ts'
import { dropQueue, pause, resume, stop } from './mouth.ts'
import { confirm, goToPerson, keepSilent, miss, repeat, succeed } from './outcomes.ts'
import {
  asksForPerson,
  asksToRepeat,
  asksToStop,
  isHello,
  isHesitation,
  isNod,
  spokenChoice,
  weight,
  yesOrNo,
} from './words.ts'

/** A voice has to last this long before it can stop or pause the bot. */
export const bargeInMs = 500
/** So many characters stop the bot; a title that was just offered may be named in fewer. */
const bargeInWeight = { usual: 4, ofChoices: 2 } as const
/** Less voice than this, and no words, was a cough. */
const coughMs = 700

/** Looks again at whether the voice stops or pauses the bot: on each new word, and when it has lasted 500 ms. */
export function weigh(move: Move): void {
  const { mouth, ear, capability } = move.state
  if (mouth.kind === 'quiet' || ear.kind === 'idle' || !mouth.speech.interruptible || ear.utterance.isNoise) return
  const lasted = voicedMs(ear, move.now)
  if (stopsTheBot(move, ear.utterance, lasted)) return interrupt(move)
  if (lasted < bargeInMs) return
  // With words the characters speak; without interim words a voice may be anything, so the bot waits and sees.
  const mayMeanIt = capability === 'open' ? weight(wordsOf(ear.utterance)) > 0 : !isNod(wordsOf(ear.utterance))
  if (mayMeanIt) pause(move)
}

function stopsTheBot({ state }: Move, utterance: Utterance, lastedMs: number): boolean {
  const words = wordsOf(utterance)
  const isCommand = (text: string) => asksForPerson(text) || asksToRepeat(text) || asksToStop(text)
  if (isCommand(utterance.text)) return true
  if (lastedMs < bargeInMs) return false
  // A closed phrase that was recognised is meant, however short.
  if (state.capability === 'choices') return weight(utterance.text) > 0
  return weight(words) >= (state.expects.kind === 'choices' ? bargeInWeight.ofChoices : bargeInWeight.usual)
}

function interrupt(move: Move): void {
  stop(move)
  dropQueue(move)
}

/** The silence after a voice lasted: the utterance is over. What the recogniser has not judged yet is waited for. */
export function finishUtterance(move: Move): void {
  decide(move)
  const { ear, listening, expects, mouth } = move.state
  if (ear.kind === 'idle') return
  const utterance = { ...ear.utterance, voicedMs: voicedMs(ear, move.now) }
  const voiceEnd = ear.kind === 'gap' ? ear.since : move.now
  change(move, { ear: { kind: 'idle' } })
  if (expects.kind === 'message' && mouth.kind === 'quiet' && listening)
    return finishMessage(move, listening.session, utterance)

  if (listening && (utterance.hypothesis !== '' || utterance.text === '')) {
    move.actions.push({ kind: 'endListening', session: listening.session })
    change(move, {
      listening: undefined,
      deciding: { session: listening.session, since: move.now, utterance },
      committedVoiceEnd: voiceEnd,
    })
    return
  }
  stopListening(move)
  change(move, { committedVoiceEnd: voiceEnd })
  conclude(move, utterance)
}

/** The recogniser has said all it will: on its own word, or because two seconds have passed. */
export function decide(move: Move): void {
  const { deciding } = move.state
  if (!deciding) return
  change(move, { deciding: undefined })
  conclude(move, deciding.utterance)
}

function finishMessage(move: Move, session: number, { voicedMs: lasted, silentSince }: Utterance): void {
  if (lasted < coughMs) return change(move, { silentSince })
  succeed(move, { kind: 'commitMessage', session, voicedMs: lasted })
  change(move, { listening: undefined, expects: { kind: 'nothing' } })
}

/** # or the time limit ends a recording. */
export function endMessage(move: Move): void {
  const { ear, listening } = move.state
  if (ear.kind === 'idle') return
  const utterance = { ...ear.utterance, voicedMs: voicedMs(ear, move.now) }
  change(move, { ear: { kind: 'idle' } })
  if (listening) finishMessage(move, listening.session, utterance)
}

function conclude(move: Move, utterance: Utterance): void {
  const { mouth } = move.state
  const words = wordsOf(utterance)
  const isHeardOut = mouth.kind !== 'quiet' && !mouth.speech.interruptible
  if (asksForPerson(words)) {
    if (isHeardOut) return change(move, { wantsPerson: words })
    return goToPerson(move, 'asked', words)
  }
  if (isHeardOut) return
  if (words === '') return hearNothing(move, utterance)
  if (asksToRepeat(words)) return repeat(move)
  if (mouth.kind !== 'quiet') {
    if (!stopsTheBot(move, utterance, utterance.voicedMs)) return resume(move)
    interrupt(move)
  }
  understand(move, words, utterance)
}

/** A voice without words: over the bot it changes nothing (a pause ends by itself), else it may have been a question. */
function hearNothing(move: Move, { voicedMs: lasted, isNoise, silentSince }: Utterance): void {
  const { mouth, thinking } = move.state
  if (mouth.kind !== 'quiet' || thinking) return
  if (lasted >= coughMs && !isNoise) miss(move, '', 'voice')
  else change(move, { silentSince })
}

function understand(move: Move, words: string, { confidence, mustConfirm }: Utterance): void {
  const { confirming, expects, thinking } = move.state
  if (confirming || expects.kind === 'yes-no') {
    const yes = yesOrNo(words)
    if (yes !== undefined) return takeYesNo(move, yes)
  }
  if (expects.kind === 'choices') {
    const choice = spokenChoice(words)
    if (choice && choice <= expects.count) return succeed(move, { kind: 'choose', choice })
  }
  if (isHello(words)) return thinking ? undefined : keepSilent(move)
  if (isHesitation(words) || asksToStop(words)) return change(move, { silentSince: undefined })

  const judged = judge(confidence)
  if (judged === 'take' && !mustConfirm)
    return succeed(move, { kind: 'commitTurn', text: words, confidence, by: 'voice' })
  if (thinking) return
  if (judged === 'miss') return miss(move, words, 'voice')
  confirm(move, words, confidence)
}

/** The answer to our own "did I hear right", or to the server's question. */
export function takeYesNo(move: Move, yes: boolean): void {
  const { confirming } = move.state
  if (!confirming) return succeed(move, { kind: 'answerYesNo', yes })
  const { text, confidence } = confirming
  if (yes) succeed(move, { kind: 'commitTurn', text, confidence, by: 'voice' })
  else miss(move, text, 'voice')
}

/** The caller has been speaking for too long: once they are asked to be brief, then what they said is taken as it is. */
export function cutShort(move: Move): void {
  const { ear, mouth, wasLong, expects } = move.state
  if (ear.kind === 'idle') return
  if (expects.kind === 'message') return endMessage(move)
  if (mouth.kind !== 'quiet') {
    change(move, { ear: { ...ear, utterance: { ...ear.utterance, isNoise: true } } })
    return resume(move)
  }
  if (wasLong) return finishUtterance(move)
  forget(move)
  change(move, { wasLong: true, queue: [promptSpeech('be-brief', expects), ...move.state.queue] })
}
