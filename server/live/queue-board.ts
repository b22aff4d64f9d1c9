/**
 * Tells the queue to all who look at it: agents their lists, those who wait their place. Changes come in bursts, so
 * one telling serves all that happened within a moment.
 *
 * Invariant: one telling after the other, so that an older look at the queue never arrives after a newer one.
 */
import type { Server } from 'socket.io'
import type { DeskConversation, DeskQueue } from '../../contract/agent-events.ts'
import type { DeskViews } from '../../bot/desk-view.ts'
import { placesNow } from '../../bot/queue-pace.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import type { Place } from '../../desk/queue.ts'
import type { LateLimits } from '../../contract/wait.ts'
import type { Db } from '../db/database.ts'
import type { Log } from '../log.ts'
import { agentSpace, conversationRoom, isThere, phoneSpace, staffRoom, visitorSpace } from './rooms.ts'

const gatherMs = 100

export type QueueBoard = ReturnType<typeof queueBoard>

type Parts = { io: Server; db: Db; views: DeskViews; late: LateLimits; log: Log; now: () => Date }

export function queueBoard({ io, db, views, late, log, now }: Parts) {
  let timer: NodeJS.Timeout | undefined
  let isTelling = false
  const listeners: (() => void)[] = []

  async function tellAll(): Promise<void> {
    const agents = agentSpace(io)
    const online = await presenceStore(db).onlineCount()
    const [waiting, silent] = [await views.waiting(), await views.silentSince()]
    const staffIds = new Set<string>([...agents.sockets.values()].map((socket) => socket.data.staffId))
    for (const staffId of staffIds) {
      const mine = withThere(await views.heldBy(staffId, silent))
      const asked = await views.askedOf(staffId)
      agents.to(staffRoom(staffId)).emit('queue:changed', { waiting, mine, online, asked, late })
    }
    for (const { conversationId, ...place } of await placesNow(db, now(), waiting)) {
      visitorSpace(io).to(conversationRoom(conversationId)).emit('queue:place', place)
      phoneSpace(io)
        .to(conversationRoom(conversationId))
        .emit('queue:place', { conversationId, ...place })
    }
  }

  const withThere = (rows: DeskConversation[]) =>
    rows.map((row) => (row.channel === 'web' ? { ...row, isThere: isThere(io, row.conversationId) } : row))

  function changed(): void {
    for (const listener of listeners) listener()
    tellSoon()
  }

  function tellSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      if (isTelling) return tellSoon()
      isTelling = true
      tellAll()
        .catch((error: unknown) => log.error({ err: error }, 'the queue was not told'))
        .finally(() => (isTelling = false))
    }, gatherMs)
  }

  return {
    changed,

    /** Heard at once, at every change: a place may be free, or somebody new waits. */
    whenChanged: (listener: () => void) => void listeners.push(listener),

    async of(staffId: string): Promise<DeskQueue> {
      const online = await presenceStore(db).onlineCount()
      const waiting = await views.waiting()
      const mine = withThere(await views.heldBy(staffId, await views.silentSince()))
      return { waiting, mine, online, asked: await views.askedOf(staffId), late }
    },

    async placeOf(conversationId: string): Promise<Omit<Place, 'conversationId'> | undefined> {
      const all = await placesNow(db, now(), await views.waiting())
      const found = all.find((one) => one.conversationId === conversationId)
      return found && { place: found.place, waitSeconds: found.waitSeconds, range: found.range }
    },

    stop: () => clearTimeout(timer),
  }
}
