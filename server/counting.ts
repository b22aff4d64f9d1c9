/**
 * What counts and what is published, put together: figures, the wall, reports, ratings by link, the lists of reasons. The
 * wall is there before the desk's socket, the doors come after the conversations: hence two steps.
 */
import type { Express } from 'express'
import type { Server } from 'socket.io'
import type { OpenLines } from '../bot/open-lines.ts'
import type { Paperwork } from '../bot/paperwork.ts'
import type { RatingTokens } from '../desk/rating-token.ts'
import { windowTokens } from '../desk/window-token.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import { figuresOf } from './figures.ts'
import type { Doors } from './http/doors.ts'
import { figuresRoutes } from './http/figures.routes.ts'
import { publishingRatingsRoutes } from './http/publishing-ratings.routes.ts'
import { ratingsRoutes } from './http/ratings.routes.ts'
import type { Jobs } from './jobs.ts'
import type { KeyRing } from './key-ring.ts'
import { figuresWall } from './live/figures-wall.ts'
import { publishedMonths } from './published-months.ts'
import { reports as reportsOf } from './reports.ts'
import type { Round } from './rounds.ts'

type Parts = { io: Server; db: Db; config: Config; keys: KeyRing; now: () => Date }
type Later = { app: Express; doors: Doors; ratings: RatingTokens; lines: OpenLines; paperwork: Paperwork; jobs?: Jobs }

/** As often as it is looked whether a report is due; the wall is told at most so often. */
const reportsEverySeconds = 3_600
const wallEveryMs = 2_000

export function counting({ io, db, config, keys, now }: Parts) {
  const limits = {
    pickupSeconds: config.PICKUP_SECONDS,
    replySeconds: config.REPLY_SECONDS,
    leastCalls: config.LEAST_CALLS,
    targets: config.FIGURE_TARGETS,
  }
  const figures = figuresOf({ db, limits })
  const reports = reportsOf({ db, figures, now })
  const bureau = config.BUREAU_NAME
  const wall = figuresWall({ io, db, figures, now })
  const months = publishedMonths({ db, now })
  const writeDue = async () => {
    await reports.writeDue()
    await months.publishDue()
  }
  return {
    wall,
    figures,
    reports,

    /** @returns what is to be done again and again. Registers its job, so it is called before they start. */
    open({ app, doors, ratings, lines, paperwork, jobs }: Later): Round[] {
      // One secret, told apart by what stands before whatever it signs.
      const secret = keys.secret('rating')
      const windows = windowTokens(secret)
      figuresRoutes(doors, { db, figures, reports, bureau, now })
      ratingsRoutes(doors, { app, db, bureau, ratings, windows, lines, paperwork, now })
      publishingRatingsRoutes(doors, { db, months, bureau, publicUrl: config.PUBLIC_URL, secret, now })
      jobs?.every('report.write', reportsEverySeconds, writeDue, { withinSeconds: 600 })
      const tellWall = { everyMs: wallEveryMs, work: () => wall.tell() }
      return jobs ? [tellWall] : [tellWall, { everyMs: reportsEverySeconds * 1_000, work: writeDue }]
    },
  }
}
