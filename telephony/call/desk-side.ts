/**
 * A call seen from the server: whether the bot has it, the queue, an agent with or without sound, or nobody any more;
 * and the rating that is asked at the end. It turns that news into what the floor has to know.
 *
 * Invariant: agent and caller hear each other exactly while `isBridged()`, and the bot speaks to the caller then never.
 * Only a call that is bridged can be on hold, and whatever ends the bridge ends the hold.
 */
import type { ConversationState } from '../../contract/turn.ts'
import type { CallEventKind, PhoneReplies } from '../../contract/phone-events.ts'
import type { WaitRange } from '../../contract/wait.ts'
import type { CallNews } from '../hotline-link.ts'
import type { Clock } from '../rtp/clock.ts'
import type { FloorEvent } from '../turn-taking/floor-events.ts'
import { callWording } from './wording.ts'

type Parts = {
  clock: Clock
  /** Where the conversation stands as the call begins. */
  from: PhoneReplies['call:begin']['standing']
  send: (event: FloorEvent) => void
  note: (kind: CallEventKind, detail?: string) => void
  tell: (text: string) => void
  /** How long the caller has waited, every half a minute. @returns true when the bot takes the call back. */
  waited: (seconds: number) => boolean
  /** The agent of the caller's call before has not come to this one. */
  missed: () => void
  hold: (on: boolean) => void
}
type DeskNews = Pick<CallNews, 'standing' | 'place' | 'ratingAsked' | 'audioOpened' | 'audioClosed' | 'hold'>
export type DeskSide = ReturnType<typeof deskSide>

const placeEveryMs = 30_000
/** So long a caller who rings again waits for the same agent. */
const sameAgentWithinMs = 30_000
/** News of one commit come in one go; a rating that is asked comes with the close. */
const gatherMs = 400

export function deskSide({ clock, from, send, note, tell, waited, missed, hold }: Parts) {
  let standing: ConversationState = from.state
  let isPickedUp = false
  let isBridged = false
  /** Where the call is on hold; it goes on when nobody holds it any more. */
  const holders = new Set<'console' | 'handset'>()
  let ratingId: string | undefined
  let place: { place: number; range?: WaitRange } | undefined
  let waitingSinceMs = 0
  let cancelRound: (() => void) | undefined
  let cancelClose: (() => void) | undefined
  let cancelMissed: (() => void) | undefined

  function round(): void {
    cancelRound?.()
    cancelRound = clock.after(placeEveryMs, () => {
      if (standing !== 'waiting' && standing !== 'agent') return
      send({ kind: 'stillWaiting' })
      const isOver = standing === 'waiting' && waited((clock.nowMs() - waitingSinceMs) / 1_000)
      if (!isOver && standing === 'waiting' && place) tell(callWording.place(place.place, place.range))
      round()
    })
  }

  /** The bot has the caller's ear again. */
  function comeBack(): void {
    isBridged = false
    letHoldGo()
    send({ kind: 'returned' })
  }

  function letHoldGo(): void {
    if (holders.size === 0) return
    holders.clear()
    hold(false)
    send({ kind: 'unheld' })
  }

  function held(on: boolean, by: 'console' | 'handset'): void {
    if (!isBridged) return
    const before = holders.size > 0
    if (on) holders.add(by)
    else holders.delete(by)
    if (holders.size > 0 === before) return
    hold(on)
    send({ kind: on ? 'held' : 'unheld' })
    note(on ? 'held' : 'resumed')
  }

  function closeSoon(): void {
    cancelClose?.()
    cancelClose = clock.after(gatherMs, () => {
      if (standing === 'closed' && ratingId === undefined) send({ kind: 'closed' })
    })
  }

  const arrive: Record<ConversationState, (before: ConversationState) => void> = {
    waiting(before) {
      if (before === 'agent') comeBack()
      if (before !== 'waiting') waitingSinceMs = clock.nowMs()
      send({ kind: 'queued' })
      note('queued')
      round()
    },
    agent(before) {
      send({ kind: 'queued' })
      if (before !== 'agent') note('person')
      round()
    },
    bot(before) {
      if (before === 'bot') return
      if (before !== 'closed') comeBack()
      if (before === 'agent') note('bot-again')
    },
    closed(before) {
      if (before === 'agent' || before === 'waiting') comeBack()
      closeSoon()
    },
  }

  /** The agent is there, by voice or in writing. */
  function attended(): void {
    if (!cancelMissed) return
    stopWaitingForAgent()
    note('person')
  }

  function stopWaitingForAgent(): void {
    cancelMissed?.()
    cancelMissed = undefined
  }

  const news: DeskNews = {
    standing({ state }) {
      const before = standing
      standing = state
      if (state !== 'waiting') place = undefined
      if (state !== 'agent') stopWaitingForAgent()
      if (isPickedUp) arrive[state](before)
    },
    place(told) {
      place = told
    },
    ratingAsked(asked) {
      ratingId = asked.ratingId
    },
    audioOpened(by) {
      if (isBridged) return by === undefined ? held(false, 'handset') : undefined
      stopWaitingForAgent()
      note('person', by ?? 'headset')
      isBridged = true
      send({ kind: 'bridged' })
    },
    audioClosed() {
      if (!isBridged || standing !== 'agent') return
      comeBack()
      send({ kind: 'queued' })
    },
    hold: (on, by) => held(on, by ?? 'console'),
  }

  return {
    news,
    standing: () => standing,
    attended,
    /** The call is up. @returns false when the bot has it: the greeting is somebody else's. */
    pickedUp(): boolean {
      isPickedUp = true
      if (isBridged) return true
      if (standing !== 'agent' && standing !== 'waiting') return false
      if (standing === 'agent')
        cancelMissed = clock.after(sameAgentWithinMs, () => {
          cancelMissed = undefined
          missed()
        })
      else waitingSinceMs = clock.nowMs()
      send({ kind: 'queued' })
      note('queued')
      const toAgent = from.weRang ? callWording.weRang : callWording.backToAgent
      tell(standing === 'agent' ? toAgent(from.agentNumber) : callWording.stillQueued)
      round()
      return true
    },
    isBridged: () => isBridged,
    /** The rating that is open, to be given once. */
    takeRating(): string | undefined {
      const asked = ratingId
      ratingId = undefined
      return asked
    },
    /** Nothing more is asked of the caller: goodbye, if the conversation is over. */
    rated: () => send({ kind: standing === 'closed' ? 'closed' : 'thinkingEnded' }),
    stop(): void {
      cancelRound?.()
      cancelClose?.()
      stopWaitingForAgent()
    },
  }
}
