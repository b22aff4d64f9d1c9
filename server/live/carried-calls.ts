/**
 * The calls that one phone process carries: how each begins, whose it is, and how it ends.
 *
 * Invariant: a call that began has an end, also when the phone did not wait for its beginning or is gone before it.
 * The phone names the call, so that it can end what it never heard the beginning of.
 */
import type { Server } from 'socket.io'
import { callbackLine, type CallEnd, type PhoneAsked, type PhoneReplies } from '../../contract/phone-events.ts'
import { Problem } from '../../contract/problem.ts'
import type { Arrivals } from '../../bot/arrivals.ts'
import type { HandOver } from '../../bot/hand-over.ts'
import type { OpenLines, Talk } from '../../bot/open-lines.ts'
import type { OwedCalls } from '../../bot/owed-calls.ts'
import { deskNow } from '../../bot/staffing.ts'
import { botTakes } from '../../bot/standing.ts'
import { wording } from '../../bot/wording.ts'
import { callsStore } from '../../desk/calls.store.ts'
import { staffStore } from '../../desk/staff.store.ts'
import type { Db } from '../db/database.ts'
import type { KeyRing } from '../key-ring.ts'
import { callbackCalls } from './callback-call.ts'
import { callerIdentity } from './caller.ts'
import { agentSpace, conversationRoom, staffRoom, type PhoneSocket } from './rooms.ts'

export type CarriedCallsParts = {
  io: Server
  db: Db
  keys: KeyRing
  defaultRegion?: string
  arrivals: Arrivals
  lines: OpenLines
  handOver: HandOver
  /** The caller is gone: out of the queue, out of the bot's hands; an agent keeps the thread for the 小结. */
  hangUp: (conversationId: string, number?: string) => Promise<void>
  owedCalls: OwedCalls
  now: () => Date
}
type Begun = PhoneReplies['call:begin']
export type CarriedCalls = ReturnType<typeof carriedCalls>

export function carriedCalls(parts: CarriedCallsParts, socket: PhoneSocket) {
  const { io, db, keys, arrivals, lines, hangUp, now } = parts
  const calls = callsStore(db)
  const ours = callbackCalls(io, db, parts.owedCalls)
  /** From the asking until the end. */
  const begun = new Map<string, Promise<Begun>>()

  /** Asked twice for one call, it begins once. */
  function once(callRowId: string, begin: () => Promise<Begun>): Promise<Begun> {
    const asked = begun.get(callRowId) ?? begin()
    begun.set(callRowId, asked)
    return asked
  }

  async function carry(callRowId: string, conversationId: string): Promise<void> {
    socket.data.calls.set(callRowId, conversationId)
    if (socket.disconnected) await end(callRowId, 'failed', now())
    else await socket.join(conversationRoom(conversationId))
  }

  async function comeIn({ callRowId, callId, caller, line, at }: PhoneAsked['call:begin']): Promise<Begun> {
    const { number, lookup } = callerIdentity(caller)
    const scope = parts.defaultRegion ? { region: parts.defaultRegion } : {}
    const who = { kind: 'phone', lookupHash: keys.lookupHash(lookup), channel: 'phone' } as const
    const { conversation } = await arrivals.enter(who, scope, (id, tx) => callsStore(tx).isUp(id))
    const conversationId = conversation.id
    const { standing, lastSeq, agentId } = await lines.hold(conversationId, welcome)
    const { node } = socket.data
    await calls.begin({ id: callRowId, node, callId, line, conversationId, at: new Date(at) })
    if (number) socket.data.numbers.set(conversationId, number)
    await carry(callRowId, conversationId)
    const desk = await deskNow(db, 'phone', now())
    if (agentId) agentSpace(io).to(staffRoom(agentId)).emit('call:back', { conversationId })
    return { callRowId, conversationId, lastSeq, standing, desk, hasNumber: number !== undefined }
  }

  async function ringBack({ callRowId, callId, conversationId, at }: PhoneAsked['callback:begin']): Promise<Begun> {
    const { standing, lastSeq } = await lines.hold(conversationId, handsOfAgent)
    const { node } = socket.data
    await calls.begin({ id: callRowId, node, callId, line: callbackLine, conversationId, at: new Date(at) })
    ours.begun(callRowId, conversationId)
    await carry(callRowId, conversationId)
    const desk = { takers: 0, free: 0, longestWaitSeconds: 0 }
    return { callRowId, conversationId, lastSeq, standing, desk, hasNumber: false }
  }

  /** @returns the conversation that was carried: what else is kept for it may go. */
  async function end(callRowId: string, endedBy: CallEnd, at: Date, isLost = false): Promise<string | undefined> {
    const ended = await calls.end(callRowId, endedBy, at)
    const carried = socket.data.calls.get(callRowId)
    begun.delete(callRowId)
    socket.data.calls.delete(callRowId)
    const number = carried && socket.data.numbers.get(carried)
    if (carried) {
      socket.data.numbers.delete(carried)
      await socket.leave(conversationRoom(carried))
    }
    if (ended && !(await ours.ended(callRowId, endedBy, isLost))) await hangUp(ended, number)
    return carried
  }

  return {
    begin: (asked: PhoneAsked['call:begin']) => once(asked.callRowId, () => comeIn(asked)),
    /** A call that an agent makes. */
    beginCallback: (asked: PhoneAsked['callback:begin']) => once(asked.callRowId, () => ringBack(asked)),

    /** Once it has begun, should it be about to. A call that nobody has, or that is over, ends as nothing. */
    async end({ callRowId, endedBy, at }: PhoneAsked['call:end']): Promise<string | undefined> {
      await Promise.allSettled([begun.get(callRowId)])
      return end(callRowId, endedBy, new Date(at))
    },

    /** The phone is gone, and its calls with it. @throws AggregateError of those that could not be ended */
    async endAll(): Promise<void> {
      const failed: unknown[] = []
      for (const callRowId of [...socket.data.calls.keys()])
        await end(callRowId, 'failed', now(), true).catch((error: unknown) => failed.push(error))
      if (failed.length > 0) throw new AggregateError(failed)
    },

    /** @throws Problem not_your_conversation */
    mine: (conversationId: string): string => {
      for (const carried of socket.data.calls.values()) if (carried === conversationId) return conversationId
      throw new Problem('not_your_conversation', `${conversationId} is no call of ${socket.data.node}`)
    },

    async note({ callRowId, kind, at, detail }: PhoneAsked['call:note']): Promise<void> {
      if (!socket.data.calls.has(callRowId)) throw new Problem('not_found', `no call ${callRowId} here`)
      await calls.note(callRowId, { kind, at: new Date(at), detail })
      if (kind === 'picked-up') await ours.answered(callRowId)
    },

    refuse: (call: PhoneAsked['call:refuse']) =>
      calls.refuse({ ...call, node: socket.data.node, at: new Date(call.at) }),

    /** The caller's own, where it was not withheld. */
    numberOf: (conversationId: string) => socket.data.numbers.get(conversationId),
  }
}

/** Where a caller finds the conversation; an agent who still has it is told in it that they are back. */
async function welcome(talk: Talk) {
  const { conversation } = talk
  if (conversation.state === 'closed') await botTakes(talk)
  if (conversation.state === 'agent') await talk.line.say({ text: wording.rangAgain }, { speaker: 'system' })
  const { state, agentId, lastSeq } = conversation
  const agentNumber = agentId && (await staffStore(talk.tx).workNumbers([agentId])).get(agentId)
  return { standing: { state: state === 'closed' ? 'bot' : state, agentNumber }, lastSeq, agentId } as const
}

/** A call that an agent makes begins in that agent's hands, or not at all. */
async function handsOfAgent({ conversation, tx }: Talk) {
  const { id, state, agentId, lastSeq } = conversation
  if (state !== 'agent' || !agentId) throw new Problem('conversation_closed', `nobody has ${id} to ring back`)
  const agentNumber = (await staffStore(tx).workNumbers([agentId])).get(agentId)
  return { standing: { state, agentNumber, weRang: true }, lastSeq } as const
}
