/** What a phone process may ask, one line of the hotline's business each. */
import type { Server } from 'socket.io'
import {
  callbackLine,
  questionBytes,
  type LineTable,
  type PhoneAsk,
  type PhoneAsked,
  type PhoneReplies,
  type Title,
} from '../../contract/phone-events.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import type { Arrivals } from '../../bot/arrivals.ts'
import type { Closing } from '../../bot/closing.ts'
import type { HandOver } from '../../bot/hand-over.ts'
import type { OpenLines, Talk } from '../../bot/open-lines.ts'
import type { Paperwork } from '../../bot/paperwork.ts'
import { botTakes } from '../../bot/standing.ts'
import type { Switchboard } from '../../bot/switchboard.ts'
import { turnsStore } from '../../bot/turns.store.ts'
import { wording } from '../../bot/wording.ts'
import { callsStore } from '../../desk/calls.store.ts'
import { handoversStore } from '../../desk/handovers.store.ts'
import { leftQuestionsStore } from '../../desk/left-questions.store.ts'
import { ratingsStore } from '../../desk/ratings.store.ts'
import { staffStore } from '../../desk/staff.store.ts'
import type { Db } from '../db/database.ts'
import type { KeyRing } from '../key-ring.ts'
import type { QueueBoard } from './queue-board.ts'
import { signalToConsole } from './agent-audio.ts'
import { callbackCalls } from './callback-call.ts'
import { handsetsChanged, handsetTold } from './handset.ts'
import { callerIdentity, endForgottenCalls } from './caller.ts'
import { agentSpace, audioRoom, conversationRoom, deskRoom, staffRoom, type PhoneSocket } from './rooms.ts'

export type PhoneParts = {
  io: Server
  db: Db
  keys: KeyRing
  bureau: string
  lineTable: LineTable
  defaultRegion?: string
  titles: () => Title[]
  arrivals: Arrivals
  lines: OpenLines
  switchboard: Switchboard
  handOver: HandOver
  closing: Closing
  paperwork: Paperwork
  board: QueueBoard
  /** The caller is gone: out of the queue, out of the bot's hands; an agent keeps the thread for the 小结. */
  hangUp: (conversationId: string) => Promise<void>
  now: () => Date
}
type Handlers = { [A in PhoneAsk]: (ask: PhoneAsked[A]) => Promise<PhoneReplies[A]> }

export function phoneHandlers(parts: PhoneParts, socket: PhoneSocket): Handlers {
  const { io, db, keys, arrivals, lines, switchboard, handOver, closing, paperwork, now } = parts
  const calls = callsStore(db)
  const ours = callbackCalls(io, db)
  /** Numbers of callers in this process's calls, in memory alone: for a callback to that very caller. */
  const numbers = new Map<string, string>()

  /** Questions that are being left, in their pieces. */
  const spoken = new Map<string, Uint8Array[]>()

  function mine(conversationId: string): string {
    for (const carried of socket.data.calls.values()) if (carried === conversationId) return conversationId
    throw new Problem('not_your_conversation', `${conversationId} is no call of ${socket.data.node}`)
  }

  async function bookCallback(conversationId: string, phone: string | undefined) {
    const number = phone ?? numbers.get(conversationId)
    if (!number)
      throw new Problem('invalid_input', 'no number to call', {
        fields: [{ path: 'phone', message: '请留下电话号码' }],
      })
    return lines.hold(conversationId, (talk) => paperwork.bookCallback(talk, { phone: number }))
  }

  /** Where a caller finds the conversation; an agent who still has it is told in it that they are back. */
  async function comeIn(talk: Talk) {
    const { conversation } = talk
    if (conversation.state === 'closed') await botTakes(talk)
    if (conversation.state === 'agent') await talk.line.say({ text: wording.rangAgain }, { speaker: 'system' })
    const { state, agentId, lastSeq } = conversation
    const agentNumber = agentId && (await staffStore(talk.tx).workNumbers([agentId])).get(agentId)
    return { standing: { state: state === 'closed' ? 'bot' : state, agentNumber }, lastSeq, agentId } as const
  }

  /** A call that an agent makes: it begins in that agent's hands, or not at all. */
  async function comeBack({ conversation, tx }: Talk) {
    const { id, state, agentId, lastSeq } = conversation
    if (state !== 'agent' || !agentId) throw new Problem('conversation_closed', `nobody has ${id} to ring back`)
    const agentNumber = (await staffStore(tx).workNumbers([agentId])).get(agentId)
    return { standing: { state, agentNumber, weRang: true }, lastSeq } as const
  }

  return {
    async 'phone:hello'() {
      for (const conversationId of await endForgottenCalls(io, db, socket.data.node, now()))
        await parts.hangUp(conversationId)
      return { bureau: parts.bureau, titles: parts.titles(), lineTable: parts.lineTable }
    },

    async 'call:begin'({ callId, caller, line, at }) {
      const { number, lookup } = callerIdentity(caller)
      const scope = parts.defaultRegion ? { region: parts.defaultRegion } : {}
      const who = { kind: 'phone', lookupHash: keys.lookupHash(lookup), channel: 'phone' } as const
      const { conversation } = await arrivals.enter(who, scope, (id) => calls.isUp(id))
      const conversationId = conversation.id
      const { standing, lastSeq, agentId } = await lines.hold(conversationId, comeIn)
      const callRowId = await calls.begin({ node: socket.data.node, callId, line, conversationId, at: new Date(at) })
      socket.data.calls.set(callRowId, conversationId)
      if (number) numbers.set(conversationId, number)
      await socket.join(conversationRoom(conversationId))
      const waiting = await handoversStore(db).waitingList()
      const oldest = waiting.reduce((wait, one) => Math.max(wait, now().getTime() - one.askedAt.getTime()), 0)
      const { online } = await handOver.pace({ tx: db })
      const desk = { free: Math.max(0, online - waiting.length), longestWaitSeconds: Math.round(oldest / 1_000) }
      if (agentId) agentSpace(io).to(staffRoom(agentId)).emit('call:back', { conversationId })
      return { callRowId, conversationId, lastSeq, standing, desk, hasNumber: number !== undefined }
    },

    async 'callback:begin'({ callId, conversationId, at }) {
      const { standing, lastSeq } = await lines.hold(conversationId, comeBack)
      const call = { node: socket.data.node, callId, line: callbackLine, conversationId, at: new Date(at) }
      const callRowId = await calls.begin(call)
      socket.data.calls.set(callRowId, conversationId)
      ours.begun(callRowId, conversationId)
      await socket.join(conversationRoom(conversationId))
      const desk = { free: 0, longestWaitSeconds: 0 }
      return { callRowId, conversationId, lastSeq, standing, desk, hasNumber: false }
    },

    async 'call:refuse'({ callId, line, at }) {
      await calls.refuse({ node: socket.data.node, callId, line, at: new Date(at) })
      return {}
    },

    async 'call:note'({ callRowId, kind, at, detail }) {
      if (!socket.data.calls.has(callRowId)) throw new Problem('not_found', `no call ${callRowId} here`)
      await calls.note(callRowId, { kind, at: new Date(at), detail })
      if (kind === 'picked-up') await ours.answered(callRowId)
      return {}
    },

    async 'call:end'({ callRowId, endedBy, at }) {
      const conversationId = socket.data.calls.get(callRowId)
      socket.data.calls.delete(callRowId)
      await calls.end(callRowId, endedBy, new Date(at))
      if (!conversationId) return {}
      numbers.delete(conversationId)
      spoken.delete(conversationId)
      await socket.leave(conversationRoom(conversationId))
      if (!(await ours.ended(callRowId, endedBy))) await parts.hangUp(conversationId)
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
      await handsetTold(io, db, { ...told, conversationId: mine(told.conversationId) })
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

type HangUpParts = Pick<PhoneParts, 'io' | 'lines' | 'closing' | 'board' | 'now'>

/** What follows when a caller is gone, whatever the reason. */
export function hangUps({ io, lines, closing, board, now }: HangUpParts) {
  return async (conversationId: string): Promise<void> => {
    await lines.hold(conversationId, async (talk) => {
      const { state } = talk.conversation
      await talk.line.say({ text: wording.hungUp }, { speaker: 'system' })
      if (state === 'waiting') await handoversStore(talk.tx).leave(conversationId, now())
      if (state === 'waiting' || state === 'bot') await closing.end(talk, 'citizen', wording.ended, { rating: false })
    })
    agentSpace(io)
      .to([deskRoom, audioRoom(conversationId)])
      .emit('call:ended', { conversationId })
    agentSpace(io).in(audioRoom(conversationId)).socketsLeave(audioRoom(conversationId))
    board.changed()
  }
}
