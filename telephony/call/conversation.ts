/**
 * One call's conversation with the server: what is answered there is said here, what the caller did goes there. Which
 * words, when and whether is decided by the server and the floor; here they are carried from one to the other.
 *
 * Invariant: a server that cannot be asked is told to the caller once, and the call ends with goodbye.
 */
import type { PhoneReplies } from '../../contract/phone-events.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import type { CallNews, HotlineLink } from '../hotline-link.ts'
import type { Log } from '../log.ts'
import { promptSentences } from '../prompts.ts'
import type { Clock } from '../rtp/clock.ts'
import type { Expectation } from '../turn-taking/expectation.ts'
import type { FloorEvent, Speech } from '../turn-taking/floor-events.ts'
import type { FloorState } from '../turn-taking/floor-state.ts'
import { botStepsIn, type Taker } from '../../contract/line-mode.ts'
import { asking } from './asking.ts'
import { deskSide } from './desk-side.ts'
import type { Played, Words } from './mouth.ts'
import { orders, type Orders, type TalkAct, type TalkAction } from './orders.ts'
import { spokenLine } from './spoken-line.ts'
import type { TopicBook } from './topic-book.ts'
import { callWording } from './wording.ts'

type Begun = PhoneReplies['call:begin']
type Line = { text: string; seq?: number; choices: readonly string[] }

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

export function conversation(parts: Parts) {
  const { link, begun, taker, clock, now, log, send, floor } = parts
  const { conversationId, callRowId } = begun
  const lines = new Map<string, Line>()
  const heardMs = new Map<number, number>()
  let choices: readonly string[] = []
  let lastSeq = begun.lastSeq
  let said = 0
  let isPickedUp = false
  /** Turns that came while it was open what becomes of a call for a person. */
  let heldBack: KeptTurn[] | undefined

  const server = asking({
    ...{ link, callRowId, conversationId, now, log },
    lost() {
      send({ kind: 'returned' })
      say(callWording.lost, { kind: 'nothing' })
      send({ kind: 'closed' })
    },
  })
  const { note, giveUp } = server

  function say(text: string, expects: Expectation, more: Partial<Line> = {}): void {
    const id = more.seq === undefined ? `line-${++said}` : `turn-${more.seq}`
    lines.set(id, { text, choices: [], ...more })
    send({ kind: 'say', speech: { id, interruptible: true, expects } })
  }

  const desk = deskSide({
    clock,
    from: begun.standing,
    send,
    note,
    hold: parts.hold,
    tell: (text) => say(text, { kind: 'nothing' }),
    missed: () => void server.ask('agent:missed', { conversationId }),
    waited(seconds) {
      if (floor().isGreeted || !botStepsIn(link.lineTable(), taker.mode, seconds)) return false
      void server
        .ask('queue:leave', { conversationId })
        .then((left) => left && send({ kind: 'answered', withNotice: false }))
      return true
    },
  })

  function sayTurn(turn: KeptTurn): void {
    const { capability } = floor()
    const { text, expects, choices: offered } = spokenLine(turn, capability)
    say(text, expectedAfter(turn, expects), { seq: turn.seq, choices: offered })
  }

  function expectedAfter({ speaker }: KeptTurn, expects: Expectation): Expectation {
    const standing = desk.standing()
    if (standing === 'waiting') return { kind: 'nothing' }
    // An agent who types reads what the caller says, where it can be written down at all.
    if (standing === 'agent' || speaker === 'agent') return { kind: floor().capability === 'none' ? 'nothing' : 'open' }
    return standing === 'closed' && expects.kind === 'open' ? { kind: 'nothing' } : expects
  }

  const acts = orders({
    ...{ begun, taker, server, desk, send, floor, sayTurn },
    topics: parts.topics,
    recorded: parts.recorded,
    choices: () => choices,
    say: (text, expects, offered = []) => say(text, expects, { choices: offered }),
    holdBack() {
      heldBack ??= []
      return () => {
        const turns = heldBack ?? []
        heldBack = undefined
        return turns
      }
    },
  })

  const news: CallNews = {
    ...desk.news,
    turn(turn) {
      if (turn.seq <= lastSeq) return
      lastSeq = turn.seq
      if (turn.speaker === 'customer') return
      if (turn.speaker === 'agent') desk.attended()
      if (heldBack) heldBack.push(turn)
      else sayTurn(turn)
    },
    standing(told) {
      desk.news.standing(told)
      const isOver = told.state === 'closed' || told.state === 'bot'
      // Nobody is left to speak to whoever would answer.
      if (begun.standing.weRang && !isPickedUp && isOver) parts.hangUp('agent')
    },
    hangUp: () => parts.hangUp('agent'),
    frame(alaw) {
      if (desk.isBridged()) parts.toCaller(alaw)
    },
    lost: giveUp,
  }
  const unfollow = link.follow(conversationId, news)

  return {
    act<K extends TalkAct>(action: Extract<TalkAction, { kind: K }>): void {
      const act: Orders[K] = acts[action.kind]
      void Promise.resolve(act(action)).catch((error: unknown) => {
        log.error({ err: error, conversationId, action: action.kind }, 'a call could not do what it meant to')
        giveUp()
      })
    },

    /** The first words are the bot's, an agent's of before, or those of whoever has the line's calls first. */
    pickedUp(): void {
      isPickedUp = true
      note('picked-up')
      if (desk.pickedUp()) return
      if (taker.taker === 'bot') send({ kind: 'answered', withNotice: false })
      else send({ kind: 'key', key: '0' }) // a person first: as if he had asked for one at once
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
      if (seq === undefined || server.isLost() || ms <= (heardMs.get(seq) ?? -1)) return
      heardMs.set(seq, ms)
      server.report('turn:heard', { conversationId, seq, heard: heard.slice(0, 3_000), heardMs: ms, ofMs })
    },

    /** Words of the phone's own that change nothing of what is awaited. */
    remark: (text: string) => say(text, floor().expects),

    fromCaller(alaw: Uint8Array): void {
      if (desk.isBridged()) link.sendFrame(conversationId, alaw)
    },

    choices: () => choices,
    note,
    isLost: server.isLost,

    /** The call is over: nothing more is heard of it here, once what was asked has been answered. */
    async close(): Promise<void> {
      desk.stop()
      unfollow()
      await server.settled()
    },
  }
}
