/** 整改, put together: cases and their doors, the ladder's timers, and what the citizen is told by message. */
import { join } from 'node:path'
import { z } from 'zod'
import { rectification as rectifications } from '../bot/rectification.ts'
import { caseRungs } from '../contract/case.ts'
import { uuid } from '../contract/text.ts'
import { caseLadders } from '../desk/case-ladders.ts'
import { cases } from '../desk/cases.ts'
import type { Cities } from '../knowledge/cities.ts'
import { sheetReader } from '../knowledge/sheet/sheet-reader.ts'
import type { conversations } from './conversations.ts'
import type { Db } from './db/database.ts'
import { casesOrdersRoutes } from './http/cases-orders.routes.ts'
import { casesRulesRoutes } from './http/cases-rules.routes.ts'
import { casesRoutes } from './http/cases.routes.ts'
import type { Doors } from './http/doors.ts'
import type { Jobs } from './jobs.ts'
import type { KeyRing } from './key-ring.ts'
import type { Outgoing } from './outbox.ts'

const rungJob = 'case.rung'
const ladderJob = 'case.ladder'
const everySeconds = 60

type Parts = {
  db: Db
  doors: Doors
  talks: Pick<Awaited<ReturnType<typeof conversations>>, 'arrivals' | 'lines' | 'closing'>
  keys: KeyRing
  cities: Cities
  jobs: Jobs
  outbox: Pick<Outgoing, 'post'>
  /** Holds dist/. */
  root: string
  /** Whatever else follows the calendar, such as the phone's office hours. */
  calendarChanged: () => Promise<void>
  now: () => Date
}

/** Registers its jobs, so it is called before they start. */
export function rectifying(parts: Parts) {
  const { db, doors, talks, keys, cities, jobs, outbox, root, calendarChanged, now } = parts
  const { arrivals, lines, closing } = talks
  const rectification = rectifications({
    ...{ db, arrivals, lines, closing, sealer: keys, now },
    async notify(tx, { caseId, fact, text }, at) {
      const to = await cases(tx, keys).mobileOf(caseId)
      if (!to) return
      await outbox.post(tx, { channel: 'sms', kind: 'case_notice', to, text, key: `case:${caseId}:${fact}` }, at)
    },
  })
  const sheets = sheetReader({ workerFile: join(root, 'dist', 'sheet-worker.js') })
  casesRoutes(doors, { db, sealer: keys, rectification, now })
  casesRulesRoutes(doors, { db, rectification, calendarChanged, now })
  casesOrdersRoutes(doors, { db, sealer: keys, cities, sheets, now })

  const ladders = caseLadders(db)
  // What is due is read from the cases themselves, so a lost job is made up for at the next look.
  jobs.every(ladderJob, everySeconds, async () => {
    const due = await ladders.due(now())
    if (due.length === 0) return
    await db.transaction().execute((tx) =>
      jobs.sendMany(
        tx,
        rungJob,
        due.map((one) => ({ data: one, singletonKey: `${one.caseId} ${one.rung}` })),
      ),
    )
  })
  jobs.work(rungJob, z.object({ caseId: uuid, rung: z.enum(caseRungs) }), ({ caseId, rung }, job) =>
    db.transaction().execute(async (tx) => {
      await caseLadders(tx).fireDue(caseId, rung, now())
      await job.settle(tx)
    }),
  )
  return { rectification, ladders }
}
