/**
 * The call that an agent makes to somebody who asked to be rung: the number goes from the sealed ticket to one phone
 * process and to nobody else; whether it may be dialled is that process's own rule.
 *
 * Invariant: nothing is dialled but the number of a callback that waits, for the agent who took it up and has the
 * conversation of the call.
 */
import type { Server } from 'socket.io'
import type { AgentAsked, AgentReplies } from '../../contract/agent-events.ts'
import type { CallbackRefusal, CallEnd } from '../../contract/phone-events.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import type { Actor } from '../../contract/staff.ts'
import type { Arrivals } from '../../bot/arrivals.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import type { OpenLines } from '../../bot/open-lines.ts'
import type { OwedCalls } from '../../bot/owed-calls.ts'
import { takeToRingBack } from '../../bot/ring-back.ts'
import { callbacksStore } from '../../desk/callbacks.store.ts'
import { callsStore } from '../../desk/calls.store.ts'
import type { Db } from '../db/database.ts'
import type { KeyRing } from '../key-ring.ts'
import { callerIdentity } from './caller.ts'
import { agentSpace, conversationRoom, phoneSpace, staffRoom, type AgentSocket } from './rooms.ts'

type Parts = {
  io: Server
  db: Db
  keys: KeyRing
  arrivals: Arrivals
  lines: OpenLines
  owedCalls: OwedCalls
}

const dialAckMs = 3_000
const refusalWords: Record<CallbackRefusal, string> = {
  'not-allowed': '这个号码不在允许回拨的范围内，请用别的电话回电',
  'no-trunk': '没有设置回拨用的中继，请用别的电话回电',
  'no-room': '电话线路已满，请稍后再拨',
  'under-way': '正在拨打这个号码，请等对方接听',
}

export function callbackHandlers(
  { io, db, keys, arrivals, lines, owedCalls }: Parts,
  socket: AgentSocket,
  actor: Actor,
) {
  return {
    async 'callback:ring'({ callbackId }: AgentAsked['callback:ring']): Promise<AgentReplies['callback:ring']> {
      await owedCalls.claimToRing(callbackId, actor)
      const { number, lookup } = callerIdentity(await callbacksStore(db, keys).phoneOf(callbackId))
      if (number === undefined) throw faultyField('callbackId', '预约里的号码不完整，无法回拨')
      const [phone] = [...phoneSpace(io).sockets.values()]
      if (!phone) throw new Problem('not_ready', 'no phone process is linked')
      const may = await inTime(phone.timeout(dialAckMs).emitWithAck('callback:may', { number }))
      if (may !== 'yes') throw faultyField('callbackId', refusalWords[may])
      const who = { kind: 'phone', lookupHash: keys.lookupHash(lookup), channel: 'phone' } as const
      const before = await arrivals.continuing(who)
      if (before && (await callsStore(db).isUp(before.id)))
        throw faultyField('callbackId', '这位市民正在通话中，请稍后再拨')
      const { conversation } = await arrivals.enter(who, {})
      const conversationId = conversation.id
      await lines.hold(conversationId, (talk) => takeToRingBack(talk, actor))
      await socket.join(conversationRoom(conversationId))
      if (!(await owedCalls.ringing(callbackId, actor, conversationId)))
        throw faultyField('callbackId', refusalWords['under-way'])
      const answer = await inTime(phone.timeout(dialAckMs).emitWithAck('callback:dial', { conversationId, number }))
      if (answer === 'dialling') return { conversationId }
      await owedCalls.brokenOff(conversationId)
      throw faultyField('callbackId', refusalWords[answer])
    },
  }
}

/** @throws Problem not_ready when the phone process does not answer in time. */
async function inTime<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked
  } catch (error) {
    throw new Problem('not_ready', 'the phone process did not answer', { cause: error })
  }
}

/** Calls of ours that ring, by call row; what becomes of them is kept with the ticket and told to the agent. */
export function callbackCalls(io: Server, db: Db, owedCalls: OwedCalls) {
  const ringing = new Map<string, string>()

  async function tell(conversationId: string, told: { state: 'answered' | 'unanswered'; why?: CallEnd }) {
    const agentId = (await conversationsStore(db).find(conversationId))?.agentId
    if (agentId)
      agentSpace(io)
        .to(staffRoom(agentId))
        .emit('callback:told', { conversationId, ...told })
  }

  return {
    begun: (callRowId: string, conversationId: string): void => void ringing.set(callRowId, conversationId),
    async answered(callRowId: string): Promise<void> {
      const conversationId = ringing.get(callRowId)
      if (!ringing.delete(callRowId) || !conversationId) return
      await owedCalls.answered(conversationId)
      await tell(conversationId, { state: 'answered' })
    },
    /**
     * @param isLost the phone process went, and took the call with it.
     * @returns whether it had never been answered: then nobody has hung up.
     */
    async ended(callRowId: string, why: CallEnd, isLost: boolean): Promise<boolean> {
      const conversationId = ringing.get(callRowId)
      if (!ringing.delete(callRowId) || !conversationId) return false
      await owedCalls.unanswered(conversationId, isLost ? 'lost' : why)
      await tell(conversationId, { state: 'unanswered', why })
      return true
    },
  }
}
