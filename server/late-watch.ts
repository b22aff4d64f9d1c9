/**
 * Tells of citizens who wait for a person's words, the first or any later: once when it is getting late (amber), once when
 * it is too late (red). The wall and the desk hear it at once; of red the bell of every supervisor keeps a line.
 */
import type { Server } from 'socket.io'
import type { LateLimits } from '../contract/wait.ts'
import { latenessOf } from '../contract/wait.ts'
import { waitingForWords } from '../bot/waiting-for-words.ts'
import { lateStore } from '../desk/late.store.ts'
import type { Db } from './db/database.ts'
import { agentSpace, deskRoom } from './live/rooms.ts'
import type { Outgoing } from './outbox.ts'

/** Whoever waits since before yesterday is found on the wall, and is no news. */
const forgottenAfterSeconds = 24 * 3_600

type Parts = { io: Server; db: Db; alerts: Outgoing['alerts']; limits: LateLimits; now: () => Date }

/** @returns a look, which tells whatever is new. */
export function lateWatch({ io, db, alerts, limits, now }: Parts): () => Promise<void> {
  return async () => {
    const at = now()
    for (const one of await waitingForWords(db)) {
      const waitedSeconds = Math.floor((at.getTime() - one.since.getTime()) / 1_000)
      const level = latenessOf(waitedSeconds, limits)
      if (!level || waitedSeconds > forgottenAfterSeconds) continue
      const isNew = await db.transaction().execute(async (tx) => {
        if (!(await lateStore(tx).tell(one, level, at))) return false
        if (level === 'red') await alerts.citizenLate(tx, { ...one, waitedSeconds }, at)
        return true
      })
      const { conversationId, agentNumber } = one
      if (isNew) agentSpace(io).to(deskRoom).emit('queue:late', { conversationId, level, waitedSeconds, agentNumber })
    }
  }
}
