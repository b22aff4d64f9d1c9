/**
 * What the floor orders about the conversation: the caller's words to the server, a key for a choice, a person, a
 * rating. Each order is one act here; what comes of it returns as an event of the floor's or as a turn of the server's.
 */
import { randomUUID } from 'node:crypto'
import { questionPartBytes, type PhoneAsked, type PhoneReplies } from '../../contract/phone-events.ts'
import { isTopicCode } from '../../contract/topic-code.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import { offerSentences } from '../prompts.ts'
import type { Expectation } from '../turn-taking/expectation.ts'
import type { FloorAction, FloorEvent, PersonReason } from '../turn-taking/floor-events.ts'
import type { FloorState } from '../turn-taking/floor-state.ts'
import type { Taker } from '../../contract/line-mode.ts'
import type { Asking } from './asking.ts'
import type { DeskSide } from './desk-side.ts'
import { choicesOf } from './spoken-line.ts'
import type { TopicBook } from './topic-book.ts'
import { callWording } from './wording.ts'

/** What the floor does about the conversation; the rest is sound. */
export type TalkAction = Exclude<
  FloorAction,
  {
    kind:
      | 'play'
      | 'pause'
      | 'resume'
      | 'stopPlaying'
      | 'startListening'
      | 'endListening'
      | 'stopListening'
      | 'hangUp'
      | 'heard'
  }
>
export type TalkAct = TalkAction['kind']
export type Orders = { [K in TalkAct]: (action: Extract<TalkAction, { kind: K }>) => Promise<void> | void }

type Parts = {
  begun: Pick<PhoneReplies['call:begin'], 'conversationId' | 'hasNumber'>
  taker: Taker
  server: Pick<Asking, 'ask' | 'note'>
  desk: Pick<DeskSide, 'standing' | 'takeRating' | 'rated'>
  topics: () => TopicBook
  send: (event: FloorEvent) => void
  floor: () => FloorState
  recorded: (session: number) => Uint8Array<ArrayBuffer>
  /** The choices that the last speech offered. */
  choices: () => readonly string[]
  say: (text: string, expects: Expectation, choices?: readonly string[]) => void
  /** Turns that come from now on wait until it is known what they mean. @returns them, on release. */
  holdBack: () => () => KeptTurn[]
  sayTurn: (turn: KeptTurn) => void
}

const reasons: Record<PersonReason, PhoneAsked['person:ask']['reason']> = {
  key: 'asked',
  asked: 'asked',
  silent: 'bot_stuck',
  stuck: 'bot_stuck',
  failed: 'bot_failed',
}

export function orders(parts: Parts): Orders {
  const { begun, taker, server, desk, topics, send, floor, say } = parts
  const { conversationId, hasNumber } = begun

  async function toPerson(reason: PersonReason): Promise<void> {
    if (!taker.mayPassToPerson && hasNumber) {
      const booked = await server.ask('callback:book', { conversationId })
      if (booked) send({ kind: 'returned' })
      return
    }
    const release = parts.holdBack()
    const asked = await server.ask('person:ask', { conversationId, reason: reasons[reason] })
    const turns = release()
    if (asked?.outcome === 'callback') send({ kind: 'returned' })
    turns.forEach(parts.sayTurn)
  }

  async function sayToServer(text: string, heardBy: 'speech' | 'key', confidence?: number): Promise<void> {
    const clientId = randomUUID()
    const kept = await server.ask('turn:say', { conversationId, clientId, text, heardBy, confidence })
    if (!kept) send({ kind: 'missed' })
    else if (desk.standing() === 'agent') send({ kind: 'thinkingEnded' })
  }

  function offer(questions: readonly string[]): void {
    if (questions.length === 0) return send({ kind: 'missed' })
    say(offerSentences(questions, floor().capability).join(''), choicesOf(questions.length), questions)
  }

  async function leaveQuestion(session: number): Promise<void> {
    const alaw = parts.recorded(session)
    if (!hasNumber) {
      say(callWording.noNumber, { kind: 'nothing' })
      return toPerson('stuck')
    }
    const left = (await handIn(alaw)) && (await server.ask('question:leave', { conversationId }))
    if (left) server.note('question-left')
    else send({ kind: 'missed' })
  }

  /** One after the other: their order is what was said. @returns false when one was not taken. */
  async function handIn(alaw: Uint8Array): Promise<boolean> {
    for (let from = 0; from < alaw.length; from += questionPartBytes) {
      const part = alaw.slice(from, from + questionPartBytes)
      if (!(await server.ask('question:part', { conversationId, alaw: part }))) return false
    }
    return true
  }

  async function rate(level: PhoneAsked['rating:give']['level']): Promise<void> {
    const ratingId = desk.takeRating()
    if (ratingId) await server.ask('rating:give', { conversationId, ratingId, level })
    desk.rated()
  }

  return {
    commitTurn: ({ text, by, confidence }) => sayToServer(text, by === 'keys' ? 'key' : 'speech', confidence),
    commitMessage: ({ session }) => leaveQuestion(session),
    choose({ choice }) {
      const chosen = parts.choices()[choice - 1]
      return chosen === undefined ? send({ kind: 'missed' }) : sayToServer(chosen, 'key')
    },
    answerYesNo: ({ yes }) => sayToServer(yes ? '是' : '不是', 'key'),
    rate: ({ level }) => rate(level),
    findTopics({ digits }) {
      const found = topics().byKeys(digits)
      const [only] = found
      // A code names one entry; initials may mean another.
      return isTopicCode(digits) && only !== undefined ? sayToServer(only, 'key') : offer(found)
    },
    offerTopics: ({ near }) => offer(topics().offer(near)),
    person: ({ reason }) => toPerson(reason),
    async callback() {
      if (hasNumber) await server.ask('callback:book', { conversationId })
    },
  }
}
