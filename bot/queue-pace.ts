/** How fast this queue moves, from what it did within the last hour and who is there now; and the places that follow. */
import type { Capacity } from '../contract/queue.ts'
import { handoversStore } from '../desk/handovers.store.ts'
import { presenceStore } from '../desk/presence.store.ts'
import { places, type InLine, type Pace, type Place } from '../desk/queue.ts'
import { skillsStore } from '../desk/skills.store.ts'
import { conversationsStore } from './conversations.store.ts'
import { episodesStore } from './episodes.store.ts'
import type { Db } from './tables.ts'

/** What one conversation takes when no agent has ended one yet. */
const assumedAgentSeconds = 180
const averageOver = 20
const hourMs = 3_600_000

export async function queuePace(db: Db, now: Date): Promise<Pace> {
  const since = new Date(now.getTime() - hourMs)
  const { firstAt, ...lately } = await handoversStore(db).servedSince(since)
  const there = (await presenceStore(db).list()).filter(({ state }) => state === 'online')
  const { seats, everybody } = await skillsStore(db).view()
  const held = new Map<string, Capacity>()
  for (const { agentId, channel } of await conversationsStore(db).heldByEach()) {
    const so = held.get(agentId) ?? { phone: 0, web: 0, wechat: 0 }
    held.set(agentId, { ...so, [channel]: so[channel] + 1 })
  }
  const room: Capacity = { phone: 0, web: 0, wechat: 0 }
  for (const { staffId } of there) {
    const capacity = seats.find((one) => one.staffId === staffId)?.capacity ?? everybody
    for (const channel of ['phone', 'web', 'wechat'] as const)
      room[channel] += Math.max(0, capacity[channel] - (held.get(staffId)?.[channel] ?? 0))
  }
  return {
    ...lately,
    overSeconds: firstAt ? (now.getTime() - firstAt.getTime()) / 1_000 : 0,
    ...{ online: there.length, room },
    averageSeconds: (await episodesStore(db).averageAgentSeconds(averageOver)) ?? assumedAgentSeconds,
  }
}

/** @param waiting first to be served first; who waits now when absent. */
export async function placesNow(db: Db, now: Date, waiting?: readonly InLine[]): Promise<Place[]> {
  const inLine = waiting ?? (await whoWaits(db))
  return inLine.length === 0 ? [] : places(inLine, await queuePace(db, now))
}

async function whoWaits(db: Db): Promise<InLine[]> {
  const list = await handoversStore(db).waitingList()
  const found = await conversationsStore(db).withIds(list.map(({ conversationId }) => conversationId))
  const channels = new Map(found.map(({ id, channel }) => [id, channel]))
  return list.flatMap(({ conversationId }) => {
    const channel = channels.get(conversationId)
    return channel ? [{ conversationId, channel }] : []
  })
}
