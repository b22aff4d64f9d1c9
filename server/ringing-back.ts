/** Calls that are owed, put together: the doors of those who ring, and what is looked after so that none is forgotten. */
import type { DeskViews } from '../bot/desk-view.ts'
import { isKeepable } from '../desk/callback.ts'
import { callbackWorkStore } from '../desk/callback-work.store.ts'
import { ringingHours } from '../desk/callbacks.ts'
import { onDuty } from '../desk/shift.ts'
import type { conversations } from './conversations.ts'
import type { Db } from './db/database.ts'
import type { Doors } from './http/doors.ts'
import { callbacksRoutes } from './http/callbacks.routes.ts'
import type { KeyRing } from './key-ring.ts'
import type { Outgoing } from './outbox.ts'
import type { Round } from './rounds.ts'

type Parts = {
  db: Db
  doors: Doors
  keys: KeyRing
  talks: Pick<Awaited<ReturnType<typeof conversations>>, 'owedCalls'>
  views: DeskViews
  alerts: Outgoing['alerts']
  now: () => Date
}

export function ringingBack({ db, doors, keys, talks, views, alerts, now }: Parts) {
  const { owedCalls } = talks
  callbacksRoutes(doors, { db, sealer: keys, views, owedCalls, now })

  /** Told while there are people to ring: at night a late call wakes nobody. */
  async function tellLate(): Promise<void> {
    const at = now()
    const late = await callbackWorkStore(db).late(at)
    if (late.length === 0) return
    const { calendar, shifts } = await ringingHours(db, at)
    if (!isKeepable(at, calendar, shifts)) return
    const there = onDuty(shifts, at).map(({ staffId }) => staffId)
    await db.transaction().execute((tx) => alerts.callbacksLate(tx, late, there, at))
  }

  const rounds: Round[] = [
    { everyMs: 5_000, work: () => owedCalls.lookAfter() },
    { everyMs: 30_000, work: tellLate },
  ]
  return { tellLate, lookAfter: () => owedCalls.lookAfter(), rounds }
}
