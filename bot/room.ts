/**
 * Whether an agent has room for one more. A call counts while it is up, a chat until it is closed.
 *
 * Invariant: asked in the transaction that gives, behind the seat's lock, so that two gifts never share the last place.
 */
import type { Capacity } from '../contract/queue.ts'
import { Problem } from '../contract/problem.ts'
import type { Channel } from '../contract/turn.ts'
import { hasRoom } from '../desk/assignment.ts'
import { callsStore } from '../desk/calls.store.ts'
import { presenceStore } from '../desk/presence.store.ts'
import { skillsStore } from '../desk/skills.store.ts'
import { conversationsStore } from './conversations.store.ts'
import type { Db } from './tables.ts'

/** What is in an agent's hands and counts. */
export async function heldNow(db: Db, held: readonly { id: string; channel: Channel }[]): Promise<Capacity> {
  const now: Capacity = { phone: 0, web: 0, wechat: 0 }
  for (const { id, channel } of held) if (channel !== 'phone' || (await callsStore(db).isUp(id))) now[channel]++
  return now
}

export async function hasRoomFor(db: Db, staffId: string, channel: Channel): Promise<boolean> {
  const held = await heldNow(db, await conversationsStore(db).ofAgent(staffId))
  return hasRoom(await skillsStore(db).capacityOf(staffId), held, channel)
}

/** How many of those who take conversations could take a call now. */
export async function freeForCalls(db: Db): Promise<number> {
  let free = 0
  for (const { staffId, state } of await presenceStore(db).list())
    if (state === 'online' && (await hasRoomFor(db, staffId, 'phone'))) free++
  return free
}

/** @throws Problem at_capacity */
export async function mustHaveRoom(tx: Db, staffId: string, channel: Channel): Promise<void> {
  await skillsStore(tx).lockSeat(staffId)
  if (!(await hasRoomFor(tx, staffId, channel))) throw new Problem('at_capacity', `${staffId} is full on ${channel}`)
}
