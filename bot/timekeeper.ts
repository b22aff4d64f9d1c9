/**
 * What happens because time passed: a silent conversation with the bot or an agent ends, an agent who is gone gives back what
 * they held, nobody waits for a desk at which nobody takes them. Each look acts on what is stored, so a missed one is made up by the next.
 */
import type { MyPresence, QueueSettings } from '../contract/queue.ts'
import { handoversStore } from '../desk/handovers.store.ts'
import { presenceStore } from '../desk/presence.store.ts'
import { silenceStep } from './answer-owed.ts'
import { answersOwedStore } from './answers-owed.store.ts'
import type { Closing } from './closing.ts'
import { conversationsStore } from './conversations.store.ts'
import type { DutyCalls } from './escalation.ts'
import type { HandOver } from './hand-over.ts'
import type { OpenLines } from './open-lines.ts'
import type { Seat } from './seat.ts'
import { staffedAmong } from './staffing.ts'
import type { Db } from './tables.ts'
import type { Transfers } from './transfers.ts'
import { wording } from './wording.ts'

const agentGoneAfterMs = 60_000
const endedAtOnce = 200
/** An agent who steps away for less than this keeps their queue. */
const backWithinMs = 120_000

export type Timekeeper = ReturnType<typeof timekeeper>

type Parts = {
  db: Db
  lines: OpenLines
  closing: Closing
  handOver: HandOver
  seat: Seat
  transfers: Transfers
  /** Told to every console of that agent. */
  presenceChanged: (staffId: string, presence: MyPresence) => void
  now: () => Date
  duty: DutyCalls
  silenceMinutes: number
  /** How long a citizen may be silent whom their agent waits for. */
  silenceLimits: () => Promise<Pick<QueueSettings, 'askMinutes' | 'endMinutes'>>
}

export function timekeeper(parts: Parts) {
  const { db, lines, closing, handOver, seat, transfers, presenceChanged, now, silenceMinutes, duty } = parts
  const { silenceLimits } = parts
  return {
    async endSilentOnes(): Promise<number> {
      const before = new Date(now().getTime() - silenceMinutes * 60_000)
      const silent = await conversationsStore(db).silentSince(before, endedAtOnce)
      for (const id of silent)
        await lines.hold(id, async (talk) => {
          const { state, lastTurnAt } = talk.conversation
          if (state === 'bot' && lastTurnAt < before) await closing.end(talk, 'silence', wording.endedBySilence)
        })
      return silent.length
    },

    /** Whom their agent waits for is asked whether they are still there, and after that let go. @returns how many. */
    async endSilentChats(): Promise<number> {
      const limits = await silenceLimits()
      let moved = 0
      for (const held of await answersOwedStore(db).held()) {
        if (!silenceStep(held, limits, now())) continue
        await lines.hold(held.conversationId, async (talk) => {
          const [again] = await answersOwedStore(talk.tx).held(held.conversationId)
          const step = again && silenceStep(again, limits, talk.now)
          if (!step) return
          moved++
          if (step === 'end') {
            await closing.end(talk, 'silence', wording.endedAsLeft)
            return talk.tell({ kind: 'queue' })
          }
          const { seq } = await talk.line.say({ text: wording.stillThere }, { speaker: 'system' })
          await answersOwedStore(talk.tx).keepStillThere(held.conversationId, seq, talk.now)
        })
      }
      return moved
    },

    endUnansweredTransfers: () => transfers.endUnanswered(),

    /** With nobody who takes their channel, whoever still waits is asked for a number instead of being left in the queue. */
    async letGoTheWaiting(): Promise<void> {
      const waiting = await handoversStore(db).waitingList()
      if (waiting.length === 0) return
      const ids = waiting.map(({ conversationId }) => conversationId)
      const staffed = await staffedAmong(db, ids, new Date(now().getTime() - backWithinMs))
      for (const one of waiting)
        if (!staffed.has(one.conversationId) && !(await duty.isWorthWaiting(db, one, now())))
          await lines.hold(one.conversationId, (talk) => handOver.giveUpWaiting(talk))
    },

    /** Whoever closed their console counts as gone, also after setting themselves offline with a conversation in hand. */
    async takeBackFromTheGone(): Promise<number> {
      const presence = presenceStore(db)
      const conversations = conversationsStore(db)
      const before = new Date(now().getTime() - agentGoneAfterMs)
      const gone = await presence.gone(before)
      let returned = 0
      for (const staffId of await presence.unseen(await conversations.holders(), before)) {
        const held = await conversations.ofAgent(staffId)
        await seat.returnAll(
          staffId,
          held.map((conversation) => conversation.id),
        )
        returned += held.length
      }
      for (const staffId of gone) {
        const taken = await presence.takeOff(staffId, before, now())
        if (taken) presenceChanged(staffId, taken)
      }
      return returned
    },
  }
}
