/**
 * What is looked after so that nothing fails unseen, put together: staff are told of what was given up and what is
 * suddenly asked about, and the numbers of it stand in /metrics.
 */
import type { Registry } from 'prom-client'
import type { Server } from 'socket.io'
import type { DipLimits } from '../desk/answered-dip.ts'
import { alertsStore } from '../desk/alerts.store.ts'
import { figureBurstsStore } from '../desk/figure-bursts.store.ts'
import { lookBackMs as codesLookBackMs } from '../desk/phone-code.ts'
import { phoneCodesStore } from '../desk/phone-codes.store.ts'
import { answeredWatch } from './answered-watch.ts'
import type { Db } from './db/database.ts'
import { deskMetrics } from './desk-metrics.ts'
import type { Figures } from './figures.ts'
import type { Doors } from './http/doors.ts'
import { watchingRoutes } from './http/watching.routes.ts'
import type { Jobs } from './jobs.ts'
import type { KeyRing } from './key-ring.ts'
import { alertNews } from './live/alert-news.ts'
import type { Outgoing } from './outbox.ts'
import type { Round } from './rounds.ts'

const lookSeconds = 60
const newsEveryMs = 1_500
/** Four weeks of questions are counted for it. */
const burstsSeconds = 300
const answeredSeconds = 300
const keptMs = 180 * 24 * 3_600_000
const hourMs = 3_600_000

type Parts = {
  io: Server
  db: Db
  doors: Doors
  keys: KeyRing
  jobs: Jobs
  alerts: Outgoing['alerts']
  metrics: Registry
  figures: Figures
  answered: DipLimits
  now: () => Date
}

/** Registers its jobs, so it is called before they start. @returns what has to be looked at again and again. */
export function watching({ io, db, doors, keys, jobs, alerts, metrics, figures, answered, now }: Parts): Round[] {
  const news = alertNews({ io, db })
  watchingRoutes(doors, { db, sealer: keys, jobs, news, now })
  deskMetrics(metrics, db, now)

  jobs.every('alerts.look', lookSeconds, async () => {
    const since = new Date(now().getTime() - hourMs)
    const names = (await jobs.dead()).filter(({ diedAt }) => diedAt >= since).map(({ name }) => name)
    if (names.length > 0) await db.transaction().execute((tx) => alerts.jobsDied(tx, names, now()))
  })
  jobs.every('alerts.bursts', burstsSeconds, async () => {
    const bursts = await figureBurstsStore(db).now(now())
    await db.transaction().execute((tx) => alerts.topicsBurst(tx, bursts, now()))
  })
  jobs.every('alerts.answered', answeredSeconds, answeredWatch({ db, figures, alerts, limits: answered, now }))
  jobs.every('alerts.forget', '50 3 * * *', async () => {
    await alertsStore(db).forgetBefore(new Date(now().getTime() - keptMs))
    await phoneCodesStore(db).forgetBefore(new Date(now().getTime() - codesLookBackMs))
  })
  return [{ everyMs: newsEveryMs, work: () => news.look() }]
}
