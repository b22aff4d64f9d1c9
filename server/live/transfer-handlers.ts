/** What an agent may ask about giving a conversation to a colleague. */
import type { Server } from 'socket.io'
import type { AgentAsked, AgentReplies } from '../../contract/agent-events.ts'
import { faultyField } from '../../contract/problem.ts'
import type { Actor } from '../../contract/staff.ts'
import type { DeskViews } from '../../bot/desk-view.ts'
import type { Transfers } from '../../bot/transfers.ts'
import type { Transfer } from '../../desk/transfer.ts'
import { takeAudioAway } from './agent-audio.ts'
import { agentSpace, conversationRoom, staffRoom, type AgentSocket } from './rooms.ts'

export type TransferAsk =
  | 'colleagues:list'
  | 'conversation:transfer'
  | 'transfer:accept'
  | 'transfer:decline'
  | 'transfer:take-back'
type Handlers = { [A in TransferAsk]: (ask: AgentAsked[A]) => Promise<AgentReplies[A]> }
type Parts = { io: Server; transfers: Transfers; views: DeskViews }

export function transferHandlers(parts: Parts, socket: AgentSocket, actor: Actor): Handlers {
  const { io, transfers, views } = parts

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
      return { transferId: transfer.id }
    },

    async 'transfer:accept'({ transferId }) {
      const transfer = await transfers.accept(transferId, actor)
      if (transfer.isNew) letGo(transfer)
      await socket.join(conversationRoom(transfer.conversationId))
      return views.newest(transfer.conversationId, actor.staffId)
    },

    async 'transfer:decline'({ transferId, note: why }) {
      await transfers.decline(transferId, actor, why)
      return {}
    },

    async 'transfer:take-back'({ transferId }) {
      await transfers.takeBack(transferId, actor)
      return {}
    },
  }
}
