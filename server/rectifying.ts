/** 整改, put together: cases and their doors, their timers, and what the citizen is told by message. */
import { rectification as rectifications } from '../bot/rectification.ts'
import { caseEvidence } from '../desk/case-evidence.ts'
import { cases } from '../desk/cases.ts'
import type { RatingTokens } from '../desk/rating-token.ts'
import type { Cities } from '../knowledge/cities.ts'
import type { SheetReader } from '../knowledge/sheet/sheet-reader.ts'
import { ladderTimer, movedDeadlines } from './case-timers.ts'
import type { conversations } from './conversations.ts'
import type { Db } from './db/database.ts'
import { apiKeysRoutes } from './http/api-keys.routes.ts'
import { caseEvidenceRoutes } from './http/case-evidence.routes.ts'
import { casesOrdersRoutes } from './http/cases-orders.routes.ts'
import { casesRulesRoutes } from './http/cases-rules.routes.ts'
import { casesRoutes } from './http/cases.routes.ts'
import type { Doors } from './http/doors.ts'
import type { Jobs } from './jobs.ts'
import type { Pictures } from './media/pictures.ts'
import type { KeyRing } from './key-ring.ts'
import type { Outgoing } from './outbox.ts'
import type { LetterTo } from './wechat-reach.ts'

type Parts = {
  db: Db
  doors: Doors
  talks: Pick<Awaited<ReturnType<typeof conversations>>, 'arrivals' | 'lines' | 'closing'>
  keys: KeyRing
  cities: Cities
  jobs: Jobs
  outbox: Pick<Outgoing, 'post' | 'alerts'>
  ratings: RatingTokens
  letterTo: LetterTo
  /** The address by which citizens reach us. */
  publicUrl: string | undefined
  sheets: SheetReader
  drawn: Pictures
  /** Whatever else follows the calendar, such as the phone's office hours. */
  calendarChanged: () => Promise<void>
  now: () => Date
}

/** Registers its jobs, so it is called before they start. */
export function rectifying(parts: Parts) {
  const { db, doors, talks, keys, cities, jobs, outbox, letterTo, ratings, publicUrl, sheets } = parts
  const { drawn, calendarChanged, now } = parts
  const { arrivals, lines, closing } = talks
  const moved = movedDeadlines(jobs)
  const rectification = rectifications({
    ...{ db, arrivals, lines, closing, sealer: keys, tellLater: moved.tellLater, now },
    tellStaff: outbox.alerts.caseChanged,
    rateLink: publicUrl ? (id) => new URL(`/rate/${ratings.make(id)}`, publicUrl).href : undefined,
    async notify(tx, { caseId, fact, text }, at) {
      const file = cases(tx, keys)
      const [conversationId, mobile] = [await file.conversationOf(caseId), await file.mobileOf(caseId)]
      const told = { conversationId, kind: 'case_notice', text, key: `case:${caseId}:${fact}`, mobile }
      const letter = await letterTo(tx, told, at)
      if (letter) await outbox.post(tx, letter, at)
    },
  })
  casesRoutes(doors, { db, sealer: keys, rectification, now })
  casesRulesRoutes(doors, { db, rectification, calendarChanged, now })
  casesOrdersRoutes(doors, { db, sealer: keys, cities, sheets, tellStaff: outbox.alerts.caseChanged, now })
  apiKeysRoutes(doors, { db, sealer: keys, tellStaff: outbox.alerts.caseChanged, now })
  const evidence = caseEvidence({ db, sealer: keys, redraw: (file) => drawn.redraw(file) })
  caseEvidenceRoutes(doors, { evidence, now })

  moved.tellBy(rectification)
  ladderTimer({ db, jobs, now, told: (tx, climbed, at) => outbox.alerts.caseClimbed(tx, climbed, at) })
  return { rectification }
}
