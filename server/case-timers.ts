/**
 * What 整改 does by the clock: climbs the ladder, and tells of deadlines that a new notice moved. Whatever is due is read
 * from the cases themselves, so a timer that is lost is made up for at the next look; each rung is fired once a deadline.
 */
import { z } from 'zod'
import type { Rectification } from '../bot/rectification.ts'
import { caseRungs } from '../contract/case.ts'
import { day, text, uuid } from '../contract/text.ts'
import type { Alerts } from '../desk/alerts.ts'
import { caseLadders } from '../desk/case-ladders.ts'
import type { Recounted } from '../desk/case-recount.ts'
import type { Db } from './db/database.ts'
import type { Job, JobOptions } from './job.ts'
import type { Jobs } from './jobs.ts'

const ladderJob = 'case.ladder'
const rungJob = 'case.rung'
const movedJob = 'case.deadline-moved'
const everySeconds = 60

const rungShape = z.object({ caseId: uuid, rung: z.enum(caseRungs) })
const movedShape = z.object({ caseId: uuid, number: text(40), dueOn: day })

type Timed = { db: Db; jobs: Jobs; now: () => Date; told?: Alerts['caseClimbed']; options?: JobOptions }

/** Registers its jobs, so it is called before they start. */
export function ladderTimer({ db, jobs, now, told, options = { withinSeconds: 30 } }: Timed): void {
  const ladders = caseLadders(db)
  const look = async () => {
    const due = await ladders.due(now())
    if (due.length === 0) return
    const all = due.map((one) => ({ data: one, singletonKey: `${one.caseId} ${one.rung}` }))
    await db.transaction().execute((tx) => jobs.sendMany(tx, rungJob, all))
  }
  const fire = ({ caseId, rung }: z.infer<typeof rungShape>, job: Job) =>
    db.transaction().execute(async (tx) => {
      await caseLadders(tx, told).fireDue(caseId, rung, now())
      await job.settle(tx)
    })
  jobs.every(ladderJob, everySeconds, look, options)
  jobs.work(rungJob, rungShape, fire, options)
}

/** @returns what puts it in hand, with the notice that moved the deadlines. */
export function movedDeadlines(jobs: Jobs) {
  return {
    tellLater: (tx: Db, moved: readonly Recounted[]): Promise<void> =>
      moved.length === 0
        ? Promise.resolve()
        : jobs.sendMany(
            tx,
            movedJob,
            moved.map((one) => ({ data: one, singletonKey: `${one.caseId} ${one.dueOn}` })),
          ),

    tellBy({ tellDeadline }: Pick<Rectification, 'tellDeadline'>): void {
      jobs.work(movedJob, movedShape, (moved, job) => tellDeadline(moved, (tx) => job.settle(tx)))
    },
  }
}
