/** The outbox for the console, and the door by which the SMS service passes answers on. */
import { Problem } from '../../contract/problem.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { outboxOptOutsStore } from '../../desk/outbox-opt-outs.store.ts'
import { optWord, wantsOut } from '../../desk/outbox-rules.ts'
import { outboxListStore } from '../../desk/outbox-list.store.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import type { KeyRing } from '../key-ring.ts'
import type { Outgoing } from '../outbox.ts'
import { isSigned, signatureHeader } from '../outgoing/signature.ts'
import type { Doors } from './doors.ts'
import { rawBody } from './raw-body.ts'

type Parts = { db: Db; keys: KeyRing; box: Outgoing; config: Config; now: () => Date }

export function outboxRoutes(doors: Doors, { db, keys, box, config, now }: Parts): void {
  const store = outboxListStore(db, keys)

  doors.open('GET /api/outbox', async ({ query }) => {
    const { rows: messages, total } = await store.list(query)
    const quiet = config.QUIET_HOURS
    const quietHours = quiet && `${quiet.from}-${quiet.to}`
    return { messages, total, counts: await store.counts(), drivers: box.driverNames(), quietHours }
  })

  doors.open('POST /api/outbox/:id/again', async ({ params, signedIn }) => {
    await db.transaction().execute(async (tx) => {
      if (!(await box.again(tx, params.id, now()))) throw new Problem('conflict', `${params.id} is no dead letter`)
      const { staffId } = signedIn.actor
      await auditStore(tx).record({ staffId, act: 'outbox.again', subject: params.id }, now())
    })
    return { ok: true }
  })

  doors.open('POST /api/outbox/again', async ({ body, signedIn }) => {
    const { staffId } = signedIn.actor
    const { total } = await store.list({ ...body, limit: 1, offset: 0 })
    // A number, even a masked one, has no place in the trail.
    const { to, ...narrowed } = body
    const detail = { ...narrowed, ...(to && { byNumber: true }), of: total }
    const line = { staffId, act: 'outbox.again-all', subject: body.batch ?? body.state, detail } as const
    return { sent: await box.againAll(db, body, now(), (tx) => auditStore(tx).record(line, now())) }
  })

  doors.open('GET /api/opt-outs', async ({ query }) => {
    const { rows: optOuts, total } = await outboxOptOutsStore(db).list(query.limit, query.offset)
    return { optOuts, total }
  })

  const optOut = (phone: string, staffId?: string) =>
    db.transaction().execute(async (tx) => {
      const id = await outboxOptOutsStore(tx).add(box.recipient(phone), staffId, now())
      if (id) await auditStore(tx).record({ staffId, act: 'outbox.opt-out', subject: id }, now())
    })

  const optIn = (phone: string) =>
    db.transaction().execute(async (tx) => {
      for (const id of await outboxOptOutsStore(tx).liftAll(box.hashesOf('sms', phone)))
        await auditStore(tx).record({ act: 'outbox.opt-in', subject: id }, now())
    })

  doors.open('POST /api/opt-outs', async ({ body, signedIn }) => {
    await optOut(body.phone, signedIn.actor.staffId)
    return { ok: true }
  })

  doors.open('POST /api/opt-outs/:id/lift', async ({ params, signedIn }) => {
    await db.transaction().execute(async (tx) => {
      if (!(await outboxOptOutsStore(tx).lift(params.id))) throw new Problem('not_found', `no opt-out ${params.id}`)
      const { staffId } = signedIn.actor
      await auditStore(tx).record({ staffId, act: 'outbox.opt-in', subject: params.id }, now())
    })
    return { ok: true }
  })

  doors.open('POST /api/sms-replies', async ({ body, req }) => {
    const secret = config.SMS_WEBHOOK_SECRET
    const raw = rawBody(req)
    if (!secret || !raw || !isSigned(req.get(signatureHeader), secret, raw, now()))
      throw new Problem('not_allowed', 'an unsigned answer to a short message')
    if (wantsOut(body.text)) await optOut(body.from)
    if (optWord(body.text) === 'in') await optIn(body.from)
    return { ok: true }
  })
}
