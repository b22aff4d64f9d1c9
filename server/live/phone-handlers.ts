/** What a phone process may ask, one line of the hotline's business each. */
import {
  questionBytes,
  type LineTable,
  type PhoneAsk,
  type PhoneAsked,
  type PhoneReplies,
  type Title,
} from '../../contract/phone-events.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import type { Closing } from '../../bot/closing.ts'
import type { Paperwork } from '../../bot/paperwork.ts'
import { botTakes } from '../../bot/standing.ts'
import type { Switchboard } from '../../bot/switchboard.ts'
import { turnsStore } from '../../bot/turns.store.ts'
import { wording } from '../../bot/wording.ts'
import { callerNumbersStore } from '../../desk/caller-numbers.store.ts'
import { handoversStore } from '../../desk/handovers.store.ts'
import { leftQuestionsStore } from '../../desk/left-questions.store.ts'
import { ratingsStore } from '../../desk/ratings.store.ts'
import type { QueueBoard } from './queue-board.ts'
import { signalToConsole } from './agent-audio.ts'
import { handsetsChanged, handsetTold } from './handset.ts'
import type { CarriedCalls, CarriedCallsParts } from './carried-calls.ts'
import { endForgottenCalls } from './caller.ts'
import { agentSpace, audioRoom, deskRoom, type PhoneSocket } from './rooms.ts'

export type PhoneParts = CarriedCallsParts & {
  bureau: string
  lineTable: () => Promise<LineTable>
  titles: () => Title[]
  switchboard: Switchboard
  closing: Closing
  paperwork: Paperwork
  board: QueueBoard
}
type Handlers = { [A in PhoneAsk]: (ask: PhoneAsked[A]) => Promise<PhoneReplies[A]> }

export function phoneHandlers(parts: PhoneParts, calls: CarriedCalls, socket: PhoneSocket): Handlers {
  const { io, db, keys, lines, switchboard, handOver, closing, paperwork, now } = parts
  const { mine, numberOf } = calls
  /** Questions that are being left, in their pieces. */
  const spoken = new Map<string, Uint8Array[]>()
  /** What desk phones do is told on in the order in which it happened: no ringing after the talk has begun. */
  let handsetNews: Promise<unknown> = Promise.resolve()

  async function bookCallback(conversationId: string, phone: string | undefined) {
    const number = phone ?? numberOf(conversationId)
    if (!number)
      throw new Problem('invalid_input', 'no number to call', {
        fields: [{ path: 'phone', message: '请留下电话号码' }],
      })
    return lines.hold(conversationId, (talk) => paperwork.bookCallback(talk, { phone: number }))
  }

  return {
    async 'phone:hello'() {
      for (const conversationId of await endForgottenCalls(io, db, socket.data.node, now()))
        await parts.hangUp(conversationId)
      return { bureau: parts.bureau, titles: parts.titles(), lineTable: await parts.lineTable() }
    },

    'call:begin': calls.begin,
    'callback:begin': calls.beginCallback,

    async 'call:refuse'(call) {
      await calls.refuse(call)
      return {}
    },

    async 'call:note'(noted) {
      await calls.note(noted)
      return {}
    },

    async 'call:end'(ended) {
      const conversationId = await calls.end(ended)
      if (conversationId) spoken.delete(conversationId)
      return {}
    },

    'turn:say': ({ conversationId, clientId, text }) =>
      switchboard.receive({ conversationId: mine(conversationId), channel: 'phone', clientId, text, saidAt: now() }),

    async 'turn:heard'(heard) {
      await turnsStore(db).noteHeard({ ...heard, conversationId: mine(heard.conversationId) }, now())
      return {}
    },

    async 'person:ask'({ conversationId, reason }) {
      const outcome = await lines.hold(mine(conversationId), async (talk) => {
        if (talk.conversation.state === 'closed') await botTakes(talk)
        return handOver.toPerson(talk, reason)
      })
      return { outcome }
    },

    async 'queue:leave'({ conversationId }) {
      await lines.hold(mine(conversationId), (talk) => handOver.leaveQueue(talk))
      return {}
    },

    async 'agent:missed'({ conversationId }) {
      return { outcome: await lines.hold(mine(conversationId), (talk) => handOver.notTakenUp(talk)) }
    },

    async 'rating:give'({ conversationId, ratingId, level }) {
      const rating = await ratingsStore(db).find(ratingId)
      if (rating?.conversationId !== mine(conversationId)) throw new Problem('not_found', `no rating ${ratingId} here`)
      return lines.hold(conversationId, (talk) => paperwork.giveRating(talk, ratingId, { level, reasons: [] }, 'card'))
    },

    async 'callback:book'({ conversationId, phone }) {
      const { callbackId, dueAt } = await bookCallback(mine(conversationId), phone)
      return { callbackId, dueAt: dueAt.toISOString() }
    },

    'question:part'({ conversationId, alaw }) {
      const parts = [...(spoken.get(mine(conversationId)) ?? []), alaw]
      if (parts.reduce((sum, one) => sum + one.length, 0) > questionBytes)
        throw faultyField('alaw', '录音不能超过一分钟')
      spoken.set(conversationId, parts)
      return Promise.resolve({})
    },

    async 'question:leave'({ conversationId }) {
      const alaw = Buffer.concat(spoken.get(mine(conversationId)) ?? [])
      if (alaw.length === 0) throw faultyField('alaw', '没有收到录音')
      const { callbackId } = await bookCallback(mine(conversationId), undefined)
      await leftQuestionsStore(db, keys).keep(callbackId, alaw, now())
      await lines.hold(conversationId, (talk) => talk.line.say({ text: wording.questionLeft }, { speaker: 'system' }))
      spoken.delete(conversationId)
      return { callbackId }
    },

    async 'conversation:end'({ conversationId }) {
      await lines.hold(mine(conversationId), (talk) => closing.end(talk, 'citizen', wording.ended))
      return {}
    },

    async 'handset:tell'(told) {
      const conversationId = mine(told.conversationId)
      const inTurn = handsetNews.then(() => handsetTold(io, db, { ...told, conversationId }))
      handsetNews = inTurn.catch(() => undefined)
      await inTurn
      return {}
    },

    'handset:changed'() {
      handsetsChanged(io)
      return Promise.resolve({})
    },

    'peer:signal'({ conversationId, consoleId, signal }) {
      signalToConsole(io, { conversationId: mine(conversationId), consoleId, signal })
      return Promise.resolve({})
    },
  }
}

type HangUpParts = Pick<PhoneParts, 'io' | 'keys' | 'lines' | 'closing' | 'paperwork' | 'board' | 'now'>

/** What follows when a caller is gone, whatever the reason. @param number theirs, where it was not withheld. */
export function hangUps({ io, keys, lines, closing, paperwork, board, now }: HangUpParts) {
  return async (conversationId: string, number?: string): Promise<void> => {
    await lines.hold(conversationId, async (talk) => {
      const { state } = talk.conversation
      await talk.line.say({ text: wording.hungUp }, { speaker: 'system' })
      if (state === 'waiting' && number) await paperwork.oweCall(talk, number)
      if (state === 'waiting') await handoversStore(talk.tx).leave(conversationId, now())
      // The agent who has it asks for the rating when they close it; who waited in vain is rung back instead.
      if (state === 'agent' && number) await callerNumbersStore(talk.tx, keys).keep(conversationId, number, now())
      const asks = { rating: state === 'bot', ...(number && { number }) }
      if (state === 'waiting' || state === 'bot') await closing.end(talk, 'citizen', wording.ended, asks)
    })
    agentSpace(io)
      .to([deskRoom, audioRoom(conversationId)])
      .emit('call:ended', { conversationId })
    agentSpace(io).in(audioRoom(conversationId)).socketsLeave(audioRoom(conversationId))
    board.changed()
  }
}
