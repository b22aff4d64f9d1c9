/** The desk over HTTP, put together: lists and views, the tools beside a conversation, what a citizen is told or sent. */
import type { CallerLetters } from '../bot/caller-letters.ts'
import type { DeskViews } from '../bot/desk-view.ts'
import { ratingLink } from '../bot/rating-link.ts'
import type { LiveIndex } from '../knowledge/live-index.ts'
import type { Config } from './config.ts'
import type { conversations } from './conversations.ts'
import type { Db } from './db/database.ts'
import { conversationsRoutes } from './http/conversations.routes.ts'
import { deskRoutes } from './http/desk.routes.ts'
import { deskToolsRoutes } from './http/desk-tools.routes.ts'
import type { Doors } from './http/doors.ts'
import { tellingsRoutes } from './http/tellings.routes.ts'
import type { KeyRing } from './key-ring.ts'
import type { Outgoing } from './outbox.ts'

type Parts = {
  db: Db
  doors: Doors
  keys: KeyRing
  config: Config
  knowledge: LiveIndex
  box: Outgoing
  talks: Pick<Awaited<ReturnType<typeof conversations>>, 'lines' | 'tellings'>
  views: DeskViews
  callerLetters: CallerLetters
  now: () => Date
}

export function deskDoors({ db, doors, keys, config, knowledge, box, talks, views, callerLetters, now }: Parts): void {
  const { lines, tellings } = talks
  deskToolsRoutes(doors, { db, keys, answers: () => knowledge.current(), box, bureau: config.BUREAU_NAME, now })
  tellingsRoutes(doors, { tellings, sendRatingLink: ratingLink(lines, callerLetters) })
  conversationsRoutes(doors, { db, keys, views, now })
  deskRoutes(doors, { db, views, now })
}
