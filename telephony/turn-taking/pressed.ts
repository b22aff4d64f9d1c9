/**
 * A key was pressed. It interrupts at once and drops words under way; 0 is a person wherever the call stands, also
 * over words that are heard out.
 */
import { isTopicCode } from '../../contract/topic-code.ts'
import { isFullNumber, readKey, type Key, type KeyMeaning } from './call-keys.ts'
import { forget } from './ear.ts'
import { promptSpeech } from './floor-events.ts'
import { change, isOurs, type FloorState, type Move } from './floor-state.ts'
import { asksForRating, dropQueue, say, speakNext, stop } from './mouth.ts'
import { goToPerson, handIn, miss, repeat, succeed } from './outcomes.ts'
import { endMessage, takeYesNo } from './utterance.ts'

const longestInitials = 12
/** Typed alone it leaves a spoken question for the desk: 1 carries no letters. */
const messageKey = '1'

export function press(move: Move, key: Key): void {
  const { state } = move
  const isHeardOut = state.mouth.kind !== 'quiet' && !state.mouth.speech.interruptible
  if (key === '0' && (isHeardOut || !isOurs(state) || state.stage !== 'bot')) return goToPerson(move, 'key')
  if (state.stage === 'leaving' && !state.isHeld && isLateRating(state, key)) change(move, { stage: 'bot' })
  if (isHeardOut || !isOurs(move.state)) return

  const meaning = readKey(state.expects, key, state.typed)
  if (meaning.kind === 'ignored') return
  if (!(meaning.kind === 'end' && state.expects.kind === 'message')) forget(move)
  if (meaning.kind !== 'repeat') {
    stop(move)
    const isRatingNext = meaning.kind !== 'person' && move.state.queue.some(asksForRating)
    // The number that it might have begun is asked for no more.
    if (isRatingNext) return key === '0' ? goToPerson(move, 'key') : askForRating(move)
    dropQueue(move)
  }
  act(move, meaning)
}

/** A rating is asked for once: a key over the words before it brings the question, and means nothing yet. */
function askForRating(move: Move): void {
  dropQueue(move, asksForRating)
  change(move, { typed: '' })
  speakNext(move)
}

/** The goodbye has begun, the caller has just found the key. */
function isLateRating({ expects }: FloorState, key: Key): boolean {
  return expects.kind === 'rating' && readKey(expects, key, '').kind === 'level'
}

function act(move: Move, meaning: Exclude<KeyMeaning, { kind: 'ignored' }>): void {
  switch (meaning.kind) {
    case 'person':
      return goToPerson(move, 'key')
    case 'repeat':
      return repeat(move)
    case 'end':
      return move.state.expects.kind === 'message' ? endMessage(move) : endTyping(move)
    case 'digit':
      return type(move, meaning.digit)
    case 'choice':
      return succeed(move, { kind: 'choose', choice: meaning.choice })
    case 'level':
      return succeed(move, { kind: 'rate', level: meaning.level })
    case 'yes-no':
      return takeYesNo(move, meaning.yes)
    case 'unusable':
      return miss(move, '', 'keys')
  }
}

function type(move: Move, digit: Key): void {
  const typed = move.state.typed + digit
  change(move, { typed, typedAt: move.now })
  const isNumber = move.state.expects.kind === 'number'
  if (isNumber ? isFullNumber(typed) : isTopicCode(typed) || typed.length >= longestInitials) endTyping(move)
}

/** A lone 0 where a number is typed: before anything else takes the typing away, it is a call for a person. */
export function honourZero(move: Move): void {
  const { typed, expects } = move.state
  if (typed === '0' && expects.kind === 'number') goToPerson(move, 'key')
}

/** #, the last digit, or a pause: what was typed is handed in. */
export function endTyping(move: Move): void {
  const { typed, expects } = move.state
  change(move, { typed: '' })
  if (typed === '') return
  if (expects.kind === 'number') {
    if (typed === '0') return goToPerson(move, 'key')
    return succeed(move, { kind: 'commitTurn', text: typed, confidence: 1, by: 'keys' })
  }
  if (typed === messageKey) return say(move, promptSpeech('leave-message', { kind: 'message' }))
  if (typed.includes('1') && !isTopicCode(typed)) return miss(move, '', 'keys')
  handIn(move, { kind: 'findTopics', digits: typed })
}
