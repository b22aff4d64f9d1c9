/** 首问: who took a conversation first, and stays accountable whoever has it later. */
import { staffStore } from '../desk/staff.store.ts'
import { conversationsStore } from './conversations.store.ts'
import type { Db } from './tables.ts'

/** @returns the work number; undefined while nobody of the desk has taken it. */
export async function firstAskedNumber(db: Db, conversationId: string): Promise<string | undefined> {
  const staffId = (await conversationsStore(db).find(conversationId))?.firstAskedAgentId
  return staffId && (await staffStore(db).workNumbers([staffId])).get(staffId)
}
