/**
 * 提醒 as news: whoever has a console open learns of what they are told within a moment, and of nothing that others are
 * told. Looked for by the order of writing, because an alert is written in the transaction of what it tells of.
 */
import type { Server } from 'socket.io'
import { alertsStore } from '../../desk/alerts.store.ts'
import type { Db } from '../db/database.ts'
import { agentSpace, staffRoom } from './rooms.ts'

/** Of two transactions the later may be there first: so many before the newest are looked at again. */
const lookBack = 500

export type AlertNews = ReturnType<typeof alertNews>

export function alertNews({ io, db }: { io: Server; db: Db }) {
  let newest: number | undefined
  let told = new Set<number>()

  /** Each server tells the consoles that hang on it. */
  async function pass(staffIds: ReadonlySet<string>): Promise<void> {
    const space = agentSpace(io)
    for (const staffId of staffIds) {
      if (!space.adapter.rooms.get(staffRoom(staffId))?.size) continue
      const { unseen, alerts } = await alertsStore(db).list(staffId, { unseen: true, limit: 1, offset: 0 })
      space.local.to(staffRoom(staffId)).emit('alerts:changed', { unseen, newest: alerts[0] })
    }
  }

  return {
    /** What was there before the first look is asked for by the consoles themselves, when they connect. */
    async look(): Promise<void> {
      const isFirst = newest === undefined
      const since = (newest ?? (await alertsStore(db).lastPlace())) - lookBack
      const found = await alertsStore(db).writtenSince(since)
      const fresh = found.filter(({ place }) => !told.has(place))
      newest = Math.max(newest ?? 0, since + lookBack, ...found.map(({ place }) => place))
      const floor = newest - lookBack
      told = new Set(found.map(({ place }) => place).filter((place) => place > floor))
      if (!isFirst) await pass(new Set(fresh.map(({ staffId }) => staffId)))
    },

    /** One of them was seen on another page of theirs. */
    async seen(staffId: string): Promise<void> {
      const { unseen, alerts } = await alertsStore(db).list(staffId, { unseen: true, limit: 1, offset: 0 })
      agentSpace(io).to(staffRoom(staffId)).emit('alerts:changed', { unseen, newest: alerts[0] })
    },
  }
}
