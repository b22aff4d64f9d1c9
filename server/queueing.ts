/** The queue, put together: who is given to whom, what supervisors set up, and what has to be looked at again and again. */
import type { Server } from 'socket.io'
import { assigning } from '../bot/assigning.ts'
import type { DeskViews } from '../bot/desk-view.ts'
import type { LateLimits } from '../contract/wait.ts'
import { queueSettingsStore } from '../desk/queue-settings.store.ts'
import type { Config } from './config.ts'
import type { conversations } from './conversations.ts'
import type { Db } from './db/database.ts'
import type { Doors } from './http/doors.ts'
import { queueRoutes } from './http/queue.routes.ts'
import { rosterRoutes } from './http/roster.routes.ts'
import { wallRoutes } from './http/wall.routes.ts'
import { lateWatch } from './late-watch.ts'
import { lineTableNow } from './line-table.ts'
import type { KeyRing } from './key-ring.ts'
import type { QueueBoard } from './live/queue-board.ts'
import { agentSpace, conversationRoom, phoneSpace, staffRoom, tellPresence } from './live/rooms.ts'
import type { Log } from './log.ts'
import type { Outgoing } from './outbox.ts'
import type { Round } from './rounds.ts'

type Parts = {
  db: Db
  io: Server
  doors: Doors
  talks: Awaited<ReturnType<typeof conversations>>
  views: DeskViews
  board: QueueBoard
  keys: KeyRing
  outgoing: Pick<Outgoing, 'alerts'>
  config: Config
  log: Log
  now: () => Date
}

/** From when on whoever asked for a person waits too long. */
export const lateLimits = ({ AMBER_SECONDS, REPLY_SECONDS }: Config): LateLimits => ({
  amberSeconds: Math.min(AMBER_SECONDS, REPLY_SECONDS),
  redSeconds: REPLY_SECONDS,
})

export function queueing({ db, io, doors, talks, views, board, keys, outgoing, config, log, now }: Parts) {
  const { lines, seat, duty } = talks
  const { alerts } = outgoing
  const settings = (at: Db) => queueSettingsStore(at, config.QUEUE_MODE)
  const mode = async () => (await settings(db).inForce()).mode
  const assigner = assigning({
    ...{ db, lines, seat, now },
    gives: async () => (await mode()) === 'assign',
    given({ conversationId, staffId, isCall }) {
      const desks = agentSpace(io)
      desks.in(staffRoom(staffId)).socketsJoin(conversationRoom(conversationId))
      desks.to(staffRoom(staffId)).emit('conversation:given', { conversationId, isCall })
    },
    presenceChanged: (staffId, presence) => tellPresence(io, staffId, presence),
  })
  const look = () =>
    void assigner.look().catch((error: unknown) => log.error({ err: error }, 'who waits was not given to anybody'))
  board.whenChanged(look)

  async function linesChanged(): Promise<void> {
    talks.chatLines.forget()
    phoneSpace(io).emit('lines:changed', { lineTable: await lineTableNow(db, config.LINE_MODE) })
  }
  queueRoutes(doors, {
    db,
    sealer: keys,
    lineMode: config.LINE_MODE,
    settings,
    capacityChanged: () => board.changed(),
    linesChanged,
    now,
  })
  rosterRoutes(doors, { db, sealer: keys, now })
  wallRoutes(doors, { db, io, lines, views, mode, late: lateLimits(config), now })

  async function tellDuty(): Promise<void> {
    const all = await db.transaction().execute((tx) => duty.callForAll(tx, now()))
    for (const { staffId, conversationId, waitedMinutes } of all)
      agentSpace(io).to(staffRoom(staffId)).emit('queue:escalated', { conversationId, waitedMinutes })
  }

  const givingRounds: Round[] = [
    { everyMs: 1_500, work: () => assigner.look() },
    { everyMs: 5_000, work: () => assigner.takeBackUnseen() },
  ]
  const tellLate = lateWatch({ io, db, alerts, limits: lateLimits(config), now })
  const standing: Round[] = [
    { everyMs: 10_000, work: tellDuty },
    { everyMs: 2_000, work: tellLate },
  ]
  return { assigner, tellDuty, tellLate, linesChanged, rounds: [...standing, ...givingRounds] }
}
