/** Conversations, callbacks and cases for those who work them. */
import type { DeskViews } from '../../bot/desk-view.ts'
import type { Rectification } from '../../bot/rectification.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { callbacks } from '../../desk/callbacks.ts'
import { cases } from '../../desk/cases.ts'
import type { Sealer } from '../../desk/sealer.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'

type Parts = { db: Db; sealer: Sealer; views: DeskViews; rectification: Rectification; now: () => Date }

export function deskRoutes(doors: Doors, { db, sealer, views, rectification, now }: Parts): void {
  doors.open('GET /api/conversations/:id', ({ params }) => views.thread(params.id))

  doors.open('GET /api/callbacks', async () => ({ callbacks: await callbacks(db, sealer).waiting() }))
  doors.open('GET /api/callbacks/:id/phone', async ({ params, signedIn }) => {
    const phone = await callbacks(db, sealer).phoneOf(params.id)
    await reveal('callback.phone', params.id, signedIn.actor.staffId)
    return { phone }
  })
  doors.open('POST /api/callbacks/:id/done', async ({ params, body, signedIn }) => {
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      await callbacks(tx, sealer).done(params.id, staffId, body.result, body.note, now())
      await auditStore(tx).record({ staffId, act: 'callback.done', subject: params.id }, now())
    })
    return { ok: true }
  })

  doors.open('GET /api/cases', async ({ query, signedIn }) => {
    const { mine, overdue, ...filter } = query
    const ownerId = mine && signedIn.actor.staffId
    const { rows, total } = await cases(db, sealer).list({ ...filter, ownerId, overdue: overdue === '1' }, now())
    return { cases: rows, total }
  })
  doors.open('GET /api/cases/:id', ({ params, signedIn }) =>
    cases(db, sealer).view(params.id, signedIn.actor.roles, now()),
  )
  doors.open('GET /api/cases/:id/contact', async ({ params, signedIn }) => {
    const phone = await cases(db, sealer).contactOf(params.id)
    await reveal('case.contact', params.id, signedIn.actor.staffId)
    return { phone }
  })
  doors.open('POST /api/cases/:id/moves', async ({ params, body, signedIn }) => {
    const view = await rectification.move(params.id, body, signedIn.actor)
    const { staffId } = signedIn.actor
    await auditStore(db).record({ staffId, act: 'case.move', subject: params.id, detail: { to: body.to } }, now())
    return view
  })

  /** Reading one whole number is an act of a named person. */
  function reveal(act: string, subject: string, staffId: string): Promise<void> {
    return auditStore(db).record({ staffId, act, subject }, now())
  }
}
