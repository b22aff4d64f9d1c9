/**
 * Who at the desks takes citizens of a channel at all, and how the desk looks to whoever comes in on it now.
 *
 * Invariant: somebody at a desk counts only for the channels that they hold any of: one who takes calls alone is nobody
 * to whoever writes.
 */
import type { DeskNow } from '../contract/phone-events.ts'
import type { Channel } from '../contract/turn.ts'
import { handoversStore } from '../desk/handovers.store.ts'
import { presenceStore } from '../desk/presence.store.ts'
import { skillsStore } from '../desk/skills.store.ts'
import { conversationsStore } from './conversations.store.ts'
import { queuePace } from './queue-pace.ts'
import { freeForCalls } from './room.ts'
import type { Db } from './tables.ts'

/** @param lately whoever was there until a moment after this one counts as well. */
export async function takers(db: Db, channel: Channel, lately?: Date): Promise<number> {
  const there = await presenceStore(db).there(lately)
  if (there.length === 0) return 0
  const { everybody, own } = await skillsStore(db).capacities()
  return there.filter((staffId) => (own.get(staffId) ?? everybody)[channel] > 0).length
}

export async function isStaffed(db: Db, channel: Channel, lately?: Date): Promise<boolean> {
  return (await takers(db, channel, lately)) > 0
}

/** Of these conversations, those whose channel somebody takes. */
export async function staffedAmong(db: Db, conversationIds: readonly string[], lately?: Date): Promise<Set<string>> {
  const found = await conversationsStore(db).withIds(conversationIds)
  const taken = new Set<Channel>()
  for (const channel of new Set(found.map((one) => one.channel)))
    if (await isStaffed(db, channel, lately)) taken.add(channel)
  return new Set(found.flatMap(({ id, channel }) => (taken.has(channel) ? [id] : [])))
}

export async function deskNow(db: Db, channel: Channel, now: Date): Promise<DeskNow> {
  const since = await waitingSince(db, channel)
  const free = channel === 'phone' ? (await freeForCalls(db)) - since.length : (await queuePace(db, now)).room[channel]
  const longestWaitMs = since.reduce((wait, askedAt) => Math.max(wait, now.getTime() - askedAt.getTime()), 0)
  return {
    takers: await takers(db, channel),
    free: Math.max(0, free),
    longestWaitSeconds: Math.round(longestWaitMs / 1_000),
  }
}

async function waitingSince(db: Db, channel: Channel): Promise<Date[]> {
  const list = await handoversStore(db).waitingList()
  const found = await conversationsStore(db).withIds(list.map(({ conversationId }) => conversationId))
  const ofChannel = new Set(found.flatMap((one) => (one.channel === channel ? [one.id] : [])))
  return list.flatMap(({ conversationId, askedAt }) => (ofChannel.has(conversationId) ? [askedAt] : []))
}
