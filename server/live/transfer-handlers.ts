/** What an agent may ask about giving a conversation to a colleague. Who gave what to whom is in the audit; why is not. */
import type { Server } from 'socket.io'
import type { AuditAct } from '../../contract/audit.ts'
import type { AgentAsked, AgentReplies } from '../../contract/agent-events.ts'
import { faultyField } from '../../contract/problem.ts'
import type { Actor } from '../../contract/staff.ts'
import type { DeskViews } from '../../bot/desk-view.ts'
import type { Wanted } from '../../bot/placing.ts'
import type { Transfers } from '../../bot/transfers.ts'
import { auditStore } from '../../desk/audit.store.ts'
import type { Transfer } from '../../desk/transfer.ts'
import type { Db } from '../db/database.ts'
import { takeAudioAway } from './agent-audio.ts'
import { agentSpace, conversationRoom, staffRoom, type AgentSocket } from './rooms.ts'

export type TransferAsk =
  | 'colleagues:list'
  | 'conversation:transfer'
  | 'transfer:accept'
  | 'transfer:decline'
  | 'transfer:take-back'
type Handlers = { [A in TransferAsk]: (ask: AgentAsked[A]) => Promise<AgentReplies[A]> }
type Parts = { io: Server; db: Db; transfers: Transfers; views: DeskViews; now: () => Date }

export function transferHandlers(parts: Parts, socket: AgentSocket, actor: Actor): Handlers {
  const { io, db, transfers, views, now } = parts

  const note = (act: AuditAct, { id, conversationId, toStaffId }: Transfer, wanted: Wanted = {}) =>
    auditStore(db).record(
      { staffId: actor.staffId, act, subject: conversationId, detail: { transferId: id, toStaffId, ...wanted } },
      now(),
    )

  /** The giver has it no more: neither its sound nor, without opening it anew, its words. */
  function letGo({ conversationId, fromStaffId }: Transfer): void {
    takeAudioAway(io, conversationId)
    agentSpace(io).in(staffRoom(fromStaffId)).socketsLeave(conversationRoom(conversationId))
  }

  return {
    async 'colleagues:list'({ conversationId }) {
      return transfers.colleagues(conversationId, actor)
    },

    async 'conversation:transfer'({ conversationId, toStaffId, toQueue, skillId, region, reason }) {
      if ((toStaffId === undefined) !== toQueue) throw faultyField('toStaffId', '请选择一位同事，或者转回队伍，二选一')
      if (!toQueue && (skillId !== undefined || region !== undefined))
        throw faultyField(skillId === undefined ? 'region' : 'skillId', '转给一位同事时不能再选技能组或地区')
      const transfer = await transfers.ask({ conversationId, toStaffId, wanted: { skillId, region }, reason }, actor)
      if (transfer.state === 'queued') letGo(transfer)
      await note('conversation.transfer', transfer, { skillId, region })
      return { transferId: transfer.id }
    },

    async 'transfer:accept'({ transferId }) {
      const transfer = await transfers.accept(transferId, actor)
      if (transfer.isNew) {
        letGo(transfer)
        await note('transfer.accept', transfer)
      }
      await socket.join(conversationRoom(transfer.conversationId))
      return views.newest(transfer.conversationId, actor.staffId)
    },

    async 'transfer:decline'({ transferId, note: why }) {
      const transfer = await transfers.decline(transferId, actor, why)
      if (transfer.isNew && transfer.state === 'declined') await note('transfer.decline', transfer)
      return {}
    },

    async 'transfer:take-back'({ transferId }) {
      const transfer = await transfers.takeBack(transferId, actor)
      if (transfer.isNew && transfer.state === 'taken_back') await note('transfer.take-back', transfer)
      return {}
    },
  }
}
