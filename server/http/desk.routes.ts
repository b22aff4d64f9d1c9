/** Conversations and callbacks for those who work them. */
import type { DeskViews } from '../../bot/desk-view.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { callbacks } from '../../desk/callbacks.ts'
import { callsStore } from '../../desk/calls.store.ts'
import { maskText } from '../../desk/masking.ts'
import { leftQuestionsStore } from '../../desk/left-questions.store.ts'
import type { Sealer } from '../../desk/sealer.ts'
import type { AuditAct } from '../../contract/audit.ts'
import { Problem } from '../../contract/problem.ts'
import type { Db } from '../db/database.ts'
import { alawWav } from '../media/sounds.ts'
import type { Doors } from './doors.ts'

const dayMs = 24 * 3_600_000

type Parts = { db: Db; sealer: Sealer; views: DeskViews; now: () => Date }

export function deskRoutes(doors: Doors, { db, sealer, views, now }: Parts): void {
  doors.open('GET /api/conversations/:id', ({ params }) => views.thread(params.id))

  doors.open('GET /api/callbacks', async () => ({ callbacks: await callbacks(db, sealer).waiting() }))
  doors.open('POST /api/callbacks/:id/phone', async ({ params, body, signedIn }) => {
    const phone = await callbacks(db, sealer).phoneOf(params.id)
    await reveal('callback.phone', params.id, signedIn.actor.staffId, body.reason)
    return { phone }
  })
  doors.open('POST /api/callbacks/:id/recording', async ({ params, body, signedIn, res }) => {
    const alaw = await leftQuestionsStore(db, sealer).find(params.id)
    if (!alaw) throw new Problem('not_found', `no recording with callback ${params.id}`)
    await reveal('callback.recording', params.id, signedIn.actor.staffId, body.reason)
    res.type('audio/wav').send(alawWav(alaw))
  })
  doors.open('GET /api/figures/calls', async () => {
    const to = now()
    const from = new Date(to.getTime() - dayMs)
    return { from: from.toISOString(), to: to.toISOString(), ...(await callsStore(db).figures(from, to)) }
  })
  doors.open('POST /api/callbacks/:id/done', async ({ params, body, signedIn }) => {
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      await callbacks(tx, sealer).done(params.id, staffId, body.result, body.note, now())
      await auditStore(tx).record({ staffId, act: 'callback.done', subject: params.id }, now())
    })
    return { ok: true }
  })

  /** Reading one whole number is an act of a named person with a reason; a number in the reason is not kept. */
  function reveal(act: AuditAct, subject: string, staffId: string, reason: string): Promise<void> {
    return auditStore(db).record({ staffId, act, subject, detail: { reason: maskText(reason) } }, now())
  }
}
