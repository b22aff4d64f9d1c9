/** The three namespaces, put together: citizens, agents, phone processes. */
import type { Server } from 'socket.io'
import type { DeskViews } from '../bot/desk-view.ts'
import type { RatingTokens } from '../desk/rating-token.ts'
import type { SessionsStore } from '../desk/sessions.store.ts'
import type { Config } from './config.ts'
import type { conversations } from './conversations.ts'
import type { counting } from './counting.ts'
import type { Db } from './db/database.ts'
import type { SessionCookie } from './http/session-cookie.ts'
import type { KeyRing } from './key-ring.ts'
import type { Limits } from './limits.ts'
import { lineTableNow } from './line-table.ts'
import { agentSocket } from './live/agent.socket.ts'
import { hangUps } from './live/phone-handlers.ts'
import { phoneSocket } from './live/phone.socket.ts'
import type { QueueBoard } from './live/queue-board.ts'
import { visitorSocket } from './live/visitor.socket.ts'
import type { Log } from './log.ts'
import type { TitleBook } from './title-book.ts'
import type { VisitorTokens } from './visitor-token.ts'

type Parts = {
  io: Server
  db: Db
  board: QueueBoard
  limits: Limits
  now: () => Date
  log: Log
  config: Config
  keys: KeyRing
  tokens: VisitorTokens
  ratings: RatingTokens
  sessions: SessionsStore
  cookie: SessionCookie
  talks: Awaited<ReturnType<typeof conversations>>
  views: DeskViews
  wall: ReturnType<typeof counting>['wall']
  book: TitleBook
}

/** @returns the phones, as the readiness of the whole wants to know them. */
export function sockets(parts: Parts) {
  const { io, db, board, limits, now, log, config, keys, talks } = parts
  const { arrivals, lines, switchboard, handOver, closing, paperwork, tellings, seat, transfers } = talks
  const shared = { io, db, board, limits, now, log, keys, arrivals, lines, owedCalls: talks.owedCalls }
  const flow = { switchboard, handOver, closing, paperwork, defaultRegion: config.BUREAU_CITY }
  const { tokens, ratings: ratingTokens, sessions, cookie, views, wall } = parts
  visitorSocket({ ...shared, ...flow, tokens, ratingTokens, tellings })
  agentSocket({ ...shared, isProxied: config.TRUST_PROXY, wall, sessions, cookie, seat, transfers, views })
  return phoneSocket({
    ...shared,
    ...flow,
    token: config.PHONE_TOKEN,
    bureau: config.BUREAU_NAME,
    lineTable: () => lineTableNow(db, config.LINE_MODE),
    titles: parts.book.titles,
    hangUp: hangUps({ io, keys, lines, closing, paperwork, board, now }),
  })
}
