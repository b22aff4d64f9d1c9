/** Where a conversation stands now, told to the citizen's pages that watch it. */
import type { Server } from 'socket.io'
import type { Standing } from '../../contract/visitor-events.ts'
import type { Conversation } from '../../bot/conversation.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import { staffStore } from '../../desk/staff.store.ts'
import type { Db } from '../db/database.ts'
import { conversationRoom, visitorSpace } from './rooms.ts'

export async function tellStanding(io: Server, db: Db, conversationId: string): Promise<void> {
  const conversation = await conversationsStore(db).find(conversationId)
  if (!conversation) return
  visitorSpace(io)
    .to(conversationRoom(conversationId))
    .emit('conversation:standing', await standingOf(db, conversation))
}

export async function standingOf(db: Db, conversation: Conversation): Promise<Standing> {
  const { id, state, lastSeq, agentId, region, insurance } = conversation
  const agentNumber = agentId ? (await staffStore(db).workNumbers([agentId])).get(agentId) : undefined
  return { conversationId: id, state, lastSeq, agentNumber, region, insurance }
}
