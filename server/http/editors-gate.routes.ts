/** The publish gate looked at beforehand; what is published or withdrawn later; the way back to an earlier text. */
import { Problem } from '../../contract/problem.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { entriesStore } from '../../knowledge/entries.store.ts'
import { review } from '../../knowledge/review.ts'
import { revisionPlansStore } from '../../knowledge/revision-plans.store.ts'
import type { Db } from '../db/database.ts'
import { worsenedFields, type Publishing } from '../publishing.ts'
import type { RevisionPlans } from '../revision-plans.ts'
import type { Doors } from './doors.ts'
import { mustMay } from './revision-roles.ts'

type Parts = { db: Db; publishing: Publishing; plans: RevisionPlans; now: () => Date }

export function editorsGateRoutes(doors: Doors, { db, publishing, plans, now }: Parts): void {
  doors.open('GET /api/revisions/:id/gate', async ({ params }) => {
    if (!(await entriesStore(db).revision(params.id))) throw new Problem('not_found', `no revision ${params.id}`)
    const { looked, worse } = await publishing.tried([params.id], now())
    return { looked, worse: worsenedFields(worse).map(({ message }) => message) }
  })

  doors.open('POST /api/entries/:id/rollback', ({ params, body, signedIn }) => {
    const { staffId } = signedIn.actor
    return db.transaction().execute(async (tx) => {
      const revision = await review(tx).rollBack(params.id, body.number, { staffId, now: now() })
      const detail = { number: body.number }
      await auditStore(tx).record({ staffId, act: 'entry.rollback', subject: revision.id, detail }, now())
      return { id: revision.entryId, revision }
    })
  })

  doors.open('GET /api/plans', async ({ query }) => {
    const { rows, total } = await revisionPlansStore(db).list(query)
    return { plans: rows, total }
  })
  doors.open('POST /api/plans', ({ body, signedIn }) => {
    const { staffId, roles } = signedIn.actor
    mustMay(roles, body.move)
    return plans.plan(body, { staffId, now: now() })
  })
  doors.open('POST /api/plans/:id/cancel', async ({ params, signedIn }) => {
    await plans.cancel(params.id, { staffId: signedIn.actor.staffId, now: now() })
    return { ok: true }
  })
}
