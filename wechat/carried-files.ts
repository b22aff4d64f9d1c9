/** Which of an agent's files arrive by a road: the official account and the mini-program hand over pictures alone. */
import { deliveriesStore } from './deliveries.store.ts'
import type { Road } from './road.ts'
import type { Db } from './tables.ts'

type Kind = 'image' | 'pdf'
const carried: Record<Road, readonly Kind[]> = { oa: ['image'], kf: ['image', 'pdf'], mini: ['image'] }

/** @returns nothing for a conversation that is told by no road of WeChat */
export async function carriedIn(db: Db, conversationId: string): Promise<readonly Kind[] | undefined> {
  const line = await deliveriesStore(db).lineOf(conversationId)
  return line && carried[line.road]
}
