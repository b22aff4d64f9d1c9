/** What time itself brings about at the desk, put together: silence, answers that never came, agents and sessions gone. */
import type { Server } from 'socket.io'
import type { Timekeeper } from '../bot/timekeeper.ts'
import type { SessionsStore } from '../desk/sessions.store.ts'
import type { Db } from './db/database.ts'
import type { SessionCookie } from './http/session-cookie.ts'
import { closeEndedDesks, noteSeen } from './live/agent.socket.ts'
import type { QueueBoard } from './live/queue-board.ts'
import type { Round } from './rounds.ts'

type Parts = {
  io: Server
  db: Db
  timekeeper: Timekeeper
  board: QueueBoard
  sessions: SessionsStore
  cookie: SessionCookie
  now: () => Date
}

export function timekeeping({ io, db, timekeeper, board, sessions, cookie, now }: Parts) {
  const endedDesks = () => closeEndedDesks(io, cookie, sessions, now())
  const rounds: Round[] = [
    { everyMs: 3_000, work: () => timekeeper.endUnansweredTransfers() },
    { everyMs: 15_000, work: () => timekeeper.takeBackFromTheGone() },
    { everyMs: 15_000, work: () => timekeeper.letGoTheWaiting() },
    { everyMs: 15_000, work: endedDesks },
    { everyMs: 15_000, work: () => noteSeen(io, db, now()) },
    { everyMs: 30_000, work: () => timekeeper.endSilentOnes() },
    { everyMs: 20_000, work: () => timekeeper.endSilentChats() },
    { everyMs: 20_000, work: () => Promise.resolve(board.changed()) },
  ]
  return { closeEndedDesks: endedDesks, rounds }
}
