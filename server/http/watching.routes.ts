/** What the system tells staff, where they are written to, and the jobs that were given up. */
import type { AlertsView, MyContactsView } from '../../contract/alert.ts'
import type { JobsView } from '../../contract/job.ts'
import { Problem } from '../../contract/problem.ts'
import { alertsStore } from '../../desk/alerts.store.ts'
import { auditStore } from '../../desk/audit.store.ts'
import type { Sealer } from '../../desk/sealer.ts'
import { staffContactsStore } from '../../desk/staff-contacts.store.ts'
import type { Db } from '../db/database.ts'
import { jobsStore } from '../jobs.store.ts'
import type { Jobs } from '../jobs.ts'
import type { AlertNews } from '../live/alert-news.ts'
import type { Doors } from './doors.ts'

type Parts = { db: Db; sealer: Sealer; jobs: Jobs; news: Pick<AlertNews, 'seen'>; now: () => Date }

export function watchingRoutes(doors: Doors, { db, sealer, jobs, news, now }: Parts): void {
  doors.open('GET /api/alerts', async ({ query, signedIn }) => {
    const { unseen, ...page } = query
    const filter = { ...page, unseen: unseen === '1' }
    return (await alertsStore(db).list(signedIn.actor.staffId, filter)) satisfies AlertsView
  })
  doors.open('POST /api/alerts/:id/seen', ({ params, signedIn }) => see(signedIn.actor.staffId, params.id))
  doors.open('POST /api/alerts-seen', ({ signedIn }) => see(signedIn.actor.staffId))
  async function see(staffId: string, id?: string): Promise<{ seen: number }> {
    const seen = await alertsStore(db).see(staffId, now(), id)
    if (seen > 0) await news.seen(staffId)
    return { seen }
  }

  doors.open('GET /api/my-contacts', async ({ signedIn }) => {
    return (await staffContactsStore(db, sealer).shown(signedIn.actor.staffId)) satisfies MyContactsView
  })
  doors.open('POST /api/my-contacts', async ({ body, signedIn }) => {
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      await staffContactsStore(tx, sealer).keep(staffId, body)
      const detail = { changed: Object.keys(body) }
      await auditStore(tx).record({ staffId, act: 'contacts.set', subject: staffId, detail }, now())
    })
    return { ok: true }
  })

  doors.open('GET /api/jobs', async () => {
    const [dead, queues] = [await jobs.dead(), await jobsStore(db).queues()]
    return {
      dead: dead.map(({ diedAt, ...row }) => ({ ...row, diedAt: diedAt.toISOString() })),
      queues,
    } satisfies JobsView
  })
  doors.open('POST /api/jobs/:id/again', async ({ params, body, signedIn }) => {
    const dead = (await jobsStore(db).deadOne(params.id)) === body.name
    if (!dead) throw new Problem('conflict', `${params.id} of ${body.name} was not given up`)
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      await jobs.again(tx, body.name, params.id)
      const line = { staffId, act: 'job.again', subject: params.id, detail: { name: body.name } } as const
      await auditStore(tx).record(line, now())
    })
    return { ok: true }
  })
}
