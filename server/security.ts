/** What protects the rest, put together: accounts, second factor, audit, citizens' own data, retention, and their doors. */
import type { Server } from 'socket.io'
import type { Closing } from '../bot/closing.ts'
import type { HandOver } from '../bot/hand-over.ts'
import type { OpenLines } from '../bot/open-lines.ts'
import { wording } from '../bot/wording.ts'
import type { TellStaff } from '../desk/case-news.ts'
import { dataSubject } from '../desk/data-subject.ts'
import { retention } from '../desk/retention.ts'
import type { Alerts } from '../desk/alerts.ts'
import { anomaliesIn, watchedActs, watchedMs } from '../desk/anomaly.ts'
import { auditStore } from '../desk/audit.store.ts'
import type { SessionsStore } from '../desk/sessions.store.ts'
import { auditAnchors } from './audit-anchors.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import { dataSubjectRoutes } from './http/data-subject.routes.ts'
import type { Doors } from './http/doors.ts'
import { securityRoutes } from './http/security.routes.ts'
import type { SessionCookie } from './http/session-cookie.ts'
import { staffRoutes } from './http/staff.routes.ts'
import { unmaskRoutes } from './http/unmask.routes.ts'
import type { Jobs } from './jobs.ts'
import type { KeyRing } from './key-ring.ts'
import { closeDesksOf, closeDesksOfStaff } from './live/agent.socket.ts'
import { visitorRoom, visitorSpace } from './live/rooms.ts'
import type { Round } from './rounds.ts'
import type { VisitorTokens } from './visitor-token.ts'

type Parts = {
  io: Server
  jobs: Jobs
  alerts: Alerts
  db: Db
  doors: Doors
  keys: KeyRing
  config: Config
  sessions: SessionsStore
  cookie: SessionCookie
  tokens: VisitorTokens
  lines: OpenLines
  handOver: HandOver
  closing: Closing
  /** Of cases that change hands. */
  tellStaff: TellStaff
  now: () => Date
}

const minuteMs = 60_000

/** @returns what is done again and again: requests that waited, what has been kept long enough, what is out of the ordinary. */
export function security(parts: Parts): { rounds: Round[]; look: () => Promise<void>; anchor: () => Promise<void> } {
  const { io, db, doors, keys, config, sessions, cookie, tokens, lines, handOver, closing, now } = parts
  const changed = (staffId: string) => closeDesksOfStaff(io, staffId)
  const signedOut = (token: string) => closeDesksOf(io, cookie, token)
  const [sealer, bureau] = [keys, config.BUREAU_NAME]

  /** As when the citizen ends it, but nobody is asked to rate what is about to be forgotten. */
  const endOpen = (conversationId: string) =>
    lines.hold(conversationId, async (talk) => {
      if (talk.conversation.state === 'waiting') await handOver.leaveQueue(talk)
      if (talk.conversation.state === 'bot') await closing.end(talk, 'citizen', wording.ended, { rating: false })
    })
  const withdrawn = (visitorId: string) => visitorSpace(io).in(visitorRoom(visitorId)).disconnectSockets(true)

  const isScripted = config.BUDAYANG_ADMIN_PASSWORD !== undefined
  const { tellStaff } = parts
  staffRoutes(doors, { db, sealer, sessions, cookie, bureau, isScripted, signedOut, changed, tellStaff, now })
  securityRoutes(doors, { db, sealer, sessions, bureau, requireTotp: config.REQUIRE_TOTP, changed, now })
  unmaskRoutes(doors, { db, now })
  dataSubjectRoutes(doors, { db, keys, tokens, bureau, endOpen, withdrawn, now })
  const anchors = auditAnchors({ db, dataDir: config.DATA_DIR, alerts: parts.alerts, now })
  doors.open('GET /api/audit-anchors', () => anchors.compare())
  parts.jobs.every('audit.anchor', '10 2 * * *', () => anchors.keep())
  const look = () => tellOfAnomalies(db, parts.alerts, now())
  const rounds = [
    { everyMs: minuteMs / 2, work: look },
    { everyMs: minuteMs, work: () => dataSubject(db, keys).finishWaiting(now()) },
    { everyMs: 10 * minuteMs, work: () => retention(db, keys).round(now()) },
  ]
  return { rounds, look, anchor: () => anchors.keep() }
}

async function tellOfAnomalies(db: Db, alerts: Alerts, now: Date): Promise<void> {
  const acts = await auditStore(db).doneSince(new Date(now.getTime() - watchedMs), watchedActs)
  const found = anomaliesIn(acts, now)
  if (found.length > 0) await db.transaction().execute((tx) => alerts.actsStrange(tx, found, now))
}
