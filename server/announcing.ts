/**
 * What is told once it is kept, put together: the desk's views, the board of the queue, and whoever has to hear of it.
 * Lines come after it and only ever see `publish`; roads that tell by messages come later still and join by `alsoTell`.
 */
import type { Server } from 'socket.io'
import { deskViews } from '../bot/desk-view.ts'
import type { News } from '../contract/line.ts'
import type { RatingTokens } from '../desk/rating-token.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import { queueBoard } from './live/queue-board.ts'
import { publisher } from './live/rooms.ts'
import { tellStanding } from './live/standing.ts'
import type { Log } from './log.ts'
import { lateLimits } from './queueing.ts'

type Parts = { io: Server; db: Db; config: Config; ratings: RatingTokens; log: Log; now: () => Date }
type Tell = (news: readonly News[]) => void

export function announcing({ io, db, config, ratings, log, now }: Parts) {
  const views = deskViews(db)
  const board = queueBoard({ io, db, views, late: lateLimits(config), log, now })
  const standing = (conversationId: string) =>
    void tellStanding(io, db, conversationId).catch((error: unknown) =>
      log.error({ err: error }, 'a standing was not told'),
    )
  const tellers: Tell[] = [
    publisher({ io, ratingTokens: ratings, queueChanged: () => board.changed(), tellStanding: standing }),
  ]
  return {
    views,
    board,
    publish: (news: readonly News[]): void => tellers.forEach((tell) => tell(news)),
    alsoTell: (tell: Tell) => void tellers.push(tell),
  }
}
