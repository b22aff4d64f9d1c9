/**
 * One call's conversation with the server: what the caller said goes there, what is answered is said. Which words,
 * when and whether is decided by the server and the floor; here they are carried from one to the other.
 *
 * Invariant: everything asked is answered or given up; a server that cannot be asked is told to the caller once, and
 * the call ends with goodbye.
 */
import { randomUUID } from 'node:crypto'
import type { CallEventKind, PhoneAsk, PhoneAsked, PhoneReplies } from '../../contract/phone-events.ts'
import { Problem } from '../../contract/problem.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import type { CallNews, HotlineLink } from '../hotline-link.ts'
import type { Log } from '../log.ts'
import { offerSentences, promptSentences } from '../prompts.ts'
import type { Clock } from '../rtp/clock.ts'
import type { Expectation } from '../turn-taking/expectation.ts'
import type { FloorAction, FloorEvent, PersonReason, Speech } from '../turn-taking/floor-events.ts'
import type { FloorState } from '../turn-taking/floor-state.ts'
import { botStepsIn, type Taker } from '../turn-taking/line-mode.ts'
import { isTopicCode } from '../topics/codes.ts'
import { deskSide } from './desk-side.ts'
import type { Played, Words } from './mouth.ts'
import { choicesOf, spokenLine } from './spoken-line.ts'
import type { TopicBook } from './topic-book.ts'
import { callWording } from './wording.ts'

type Begun = PhoneReplies['call:begin']
type Line = { text: string; seq?: number; choices: readonly string[] }
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
type Act = TalkAction['kind']

type Parts = {
  link: HotlineLink
  begun: Begun
  taker: Taker
  topics: () => TopicBook
  clock: Clock
  now: () => Date
  log: Log
  send: (event: FloorEvent) => void
  floor: () => FloorState
  recorded: (session: number) => Uint8Array<ArrayBuffer>
  hold: (on: boolean) => void
  /** The agent's voice. */
  toCaller: (alaw: Uint8Array) => void
  hangUp: (as: 'agent') => void
}
export type Conversation = ReturnType<typeof conversation>

const reasons: Record<PersonReason, PhoneAsked['person:ask']['reason']> = {
  key: 'asked',
  asked: 'asked',
  silent: 'bot_stuck',
  stuck: 'bot_stuck',
  failed: 'bot_failed',
}
/** The server is at fault or out of reach; any other refusal is about what was asked. */
const failures: readonly Problem['code'][] = ['internal', 'not_ready', 'too_many_requests', 'not_signed_in']

export function conversation(parts: Parts) {
  const { link, begun, taker, topics, clock, now, log, send, floor } = parts
  const { conversationId, callRowId } = begun
  const lines = new Map<string, Line>()
  const pending = new Set<Promise<unknown>>()
  const heardMs = new Map<number, number>()
  let choices: readonly string[] = []
  let lastSeq = begun.lastSeq
  let said = 0
  let isLost = false
  /** Turns that came while it was open what becomes of a call for a person. */
  let heldBack: KeptTurn[] | undefined

  function track<T>(asked: Promise<T>): Promise<T> {
    const mine = asked.finally(() => pending.delete(mine))
    pending.add(mine)
    return mine
  }

  /** @returns nothing when it was refused; a server that fails ends the call. */
  async function ask<A extends PhoneAsk>(name: A, what: PhoneAsked[A]): Promise<PhoneReplies[A] | undefined> {
    try {
      return await track(link.ask(name, what))
    } catch (error) {
      log.warn({ err: error, ask: name, conversationId }, 'the server did not take what a call asked')
      if (!(error instanceof Problem) || failures.includes(error.code)) giveUp()
      return undefined
    }
  }

  /** For the record alone: a call does not end because it could not be written down. */
  function report<A extends 'call:note' | 'turn:heard'>(name: A, what: PhoneAsked[A]): void {
    track(link.ask(name, what)).catch((error: unknown) => {
      if (!isLost) log.warn({ err: error, ask: name, conversationId }, 'the record of a call has a gap')
    })
  }

  const note = (kind: CallEventKind, detail?: string): void =>
    report('call:note', { callRowId, kind, at: now().toISOString(), detail })

  function say(text: string, expects: Expectation, more: Partial<Line> = {}): void {
    const id = more.seq === undefined ? `line-${++said}` : `turn-${more.seq}`
    lines.set(id, { text, choices: [], ...more })
    send({ kind: 'say', speech: { id, interruptible: true, expects } })
  }

  function giveUp(): void {
    if (isLost) return
    isLost = true
    send({ kind: 'returned' })
    say(callWording.lost, { kind: 'nothing' })
    send({ kind: 'closed' })
  }

  const desk = deskSide({
    clock,
    send,
    note,
    hold: parts.hold,
    tell: (text) => say(text, { kind: 'nothing' }),
    waited(seconds) {
      if (floor().isGreeted || !botStepsIn(link.lineTable(), taker.mode, seconds)) return false
      void ask('queue:leave', { conversationId }).then((left) => left && send({ kind: 'answered', withNotice: false }))
      return true
    },
  })

  function sayTurn(turn: KeptTurn, asksForNumber = false): void {
    const { capability } = floor()
    const { text, expects, choices: offered } = spokenLine(turn, capability)
    say(text, asksForNumber ? { kind: 'number' } : expectedAfter(turn, expects), { seq: turn.seq, choices: offered })
  }

  function expectedAfter({ speaker }: KeptTurn, expects: Expectation): Expectation {
    const standing = desk.standing()
    if (standing === 'waiting') return { kind: 'nothing' }
    // An agent who types reads what the caller says, where it can be written down at all.
    if (standing === 'agent' || speaker === 'agent') return { kind: floor().capability === 'none' ? 'nothing' : 'open' }
    return standing === 'closed' && expects.kind === 'open' ? { kind: 'nothing' } : expects
  }

  async function toPerson(reason: PersonReason): Promise<void> {
    if (!taker.mayPassToPerson && begun.hasNumber) {
      const booked = await ask('callback:book', { conversationId })
      if (booked) send({ kind: 'returned' })
      return
    }
    heldBack ??= []
    const asked = await ask('person:ask', { conversationId, reason: reasons[reason] })
    const turns = heldBack ?? []
    heldBack = undefined
    if (asked?.outcome === 'callback') send({ kind: 'returned' })
    turns.forEach((turn, at) => sayTurn(turn, asked?.outcome === 'callback' && at === turns.length - 1))
  }

  async function sayToServer(text: string, heardBy: 'speech' | 'key', confidence?: number): Promise<void> {
    const clientId = randomUUID()
    const kept = await ask('turn:say', { conversationId, clientId, text, heardBy, confidence })
    if (!kept) send({ kind: 'missed' })
    else if (desk.standing() === 'agent') send({ kind: 'thinkingEnded' })
  }

  function offer(questions: readonly string[]): void {
    if (questions.length === 0) return send({ kind: 'missed' })
    const text = offerSentences(questions, floor().capability).join('')
    say(text, choicesOf(questions.length), { choices: questions })
  }

  async function leaveQuestion(session: number): Promise<void> {
    const alaw = parts.recorded(session)
    if (!begun.hasNumber) {
      say(callWording.noNumber, { kind: 'nothing' })
      return toPerson('stuck')
    }
    const left = await ask('question:leave', { conversationId, alaw })
    if (left) note('question-left')
    else send({ kind: 'missed' })
  }

  async function rate(level: PhoneAsked['rating:give']['level']): Promise<void> {
    const ratingId = desk.takeRating()
    if (ratingId) await ask('rating:give', { conversationId, ratingId, level })
    desk.rated()
  }

  const acts: { [K in Act]: (action: Extract<TalkAction, { kind: K }>) => Promise<void> | void } = {
    commitTurn: ({ text, by, confidence }) => sayToServer(text, by === 'keys' ? 'key' : 'speech', confidence),
    commitMessage: ({ session }) => leaveQuestion(session),
    choose({ choice }) {
      const chosen = choices[choice - 1]
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
      if (begun.hasNumber) await ask('callback:book', { conversationId })
    },
  }

  const news: CallNews = {
    ...desk.news,
    turn(turn) {
      if (turn.seq <= lastSeq) return
      lastSeq = turn.seq
      if (turn.speaker === 'customer') return
      if (heldBack) heldBack.push(turn)
      else sayTurn(turn)
    },
    hangUp: () => parts.hangUp('agent'),
    frame(alaw) {
      if (desk.isBridged()) parts.toCaller(alaw)
    },
    lost: giveUp,
  }
  const unfollow = link.follow(conversationId, news)

  return {
    act<K extends Act>(action: Extract<TalkAction, { kind: K }>): void {
      const act: (action: Extract<TalkAction, { kind: K }>) => Promise<void> | void = acts[action.kind]
      void Promise.resolve(act(action)).catch((error: unknown) => {
        log.error({ err: error, conversationId, action: action.kind }, 'a call could not do what it meant to')
        giveUp()
      })
    },

    /** A speech begins: its words, and from now on its choices. */
    begins({ id, prompt, fill }: Speech): Words {
      if (prompt)
        return { text: promptSentences(prompt, fill).join(''), prompt: fill === undefined ? prompt : undefined }
      const line = lines.get(id)
      choices = line?.choices ?? []
      return { text: line?.text ?? '' }
    },

    /** A speech is over; the record says what of it was heard. */
    heard({ id }: Speech, { heard, heardMs: ms, ofMs }: Played): void {
      const seq = lines.get(id)?.seq
      if (seq === undefined || isLost || ms <= (heardMs.get(seq) ?? -1)) return
      heardMs.set(seq, ms)
      report('turn:heard', { conversationId, seq, heard: heard.slice(0, 3_000), heardMs: ms, ofMs })
    },

    /** Words of the phone's own that change nothing of what is awaited. */
    remark: (text: string) => say(text, floor().expects),

    fromCaller(alaw: Uint8Array): void {
      if (desk.isBridged()) link.sendFrame(conversationId, alaw)
    },

    choices: () => choices,
    note,
    isLost: () => isLost,

    /** The call is over: nothing more is heard of it here, once what was asked has been answered. */
    async close(): Promise<void> {
      desk.stop()
      unfollow()
      await Promise.allSettled(pending)
    },
  }
}
