/** The queue, put together: who is given to whom, what supervisors set up, and what has to be looked at again and again. */
import type { Server } from 'socket.io'
import { assigning } from '../bot/assigning.ts'
import { escalate } from '../bot/escalation.ts'
import type { DeskViews } from '../bot/desk-view.ts'
import { auditStore } from '../desk/audit.store.ts'
import type { Config } from './config.ts'
import type { conversations } from './conversations.ts'
import type { Db } from './db/database.ts'
import type { Doors } from './http/doors.ts'
import { queueRoutes } from './http/queue.routes.ts'
import { rosterRoutes } from './http/roster.routes.ts'
import { wallRoutes } from './http/wall.routes.ts'
import { lineTableNow } from './line-table.ts'
import type { QueueBoard } from './live/queue-board.ts'
import { agentSpace, conversationRoom, phoneSpace, staffRoom } from './live/rooms.ts'
import type { Log } from './log.ts'
import type { Round } from './rounds.ts'

type Parts = {
  db: Db
  io: Server
  doors: Doors
  talks: Awaited<ReturnType<typeof conversations>>
  views: DeskViews
  board: QueueBoard
  config: Config
  log: Log
  now: () => Date
}

export function queueing({ db, io, doors, talks, views, board, config, log, now }: Parts) {
  const { lines, seat } = talks
  const assigner = assigning({
    ...{ db, lines, seat, now },
    given({ conversationId, staffId, isCall }) {
      const desks = agentSpace(io)
      desks.in(staffRoom(staffId)).socketsJoin(conversationRoom(conversationId))
      desks.to(staffRoom(staffId)).emit('conversation:given', { conversationId, isCall })
      auditStore(db)
        .record({ act: 'conversation.given', subject: conversationId, detail: { staffId } }, now())
        .catch((error: unknown) => log.error({ err: error }, 'a gift was not noted'))
    },
  })
  const assigns = config.QUEUE_MODE === 'assign'
  const look = () =>
    void assigner.look().catch((error: unknown) => log.error({ err: error }, 'who waits was not given to anybody'))
  if (assigns) board.whenChanged(look)

  async function linesChanged(): Promise<void> {
    phoneSpace(io).emit('lines:changed', { lineTable: await lineTableNow(db, config.LINE_MODE) })
  }
  queueRoutes(doors, { db, lineMode: config.LINE_MODE, capacityChanged: () => board.changed(), linesChanged, now })
  rosterRoutes(doors, { db, now })
  wallRoutes(doors, { db, io, lines, views, mode: config.QUEUE_MODE, now })

  async function tellDuty(): Promise<void> {
    for (const { staffId, ...told } of await escalate(db, now(), config.ESCALATE_MINUTES * 60_000)) {
      agentSpace(io).to(staffRoom(staffId)).emit('queue:escalated', told)
      await auditStore(db).record({ act: 'duty.told', subject: told.conversationId, detail: { staffId } }, now())
    }
  }

  const givingRounds: Round[] = [
    { everyMs: 1_500, work: () => assigner.look() },
    { everyMs: 5_000, work: () => assigner.takeBackUnseen() },
  ]
  const dutyRound: Round = { everyMs: 10_000, work: tellDuty }
  return { assigner, tellDuty, linesChanged, rounds: [dutyRound, ...(assigns ? givingRounds : [])] }
}
