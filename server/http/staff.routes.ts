/** Signing in and out, members of staff, the audit log. */
import type { Request, Response } from 'express'
import type { SessionView } from '../../contract/http.ts'
import { Problem } from '../../contract/problem.ts'
import type { Actor } from '../../contract/staff.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { sessionsStore } from '../../desk/sessions.store.ts'
import { staff } from '../../desk/staff.ts'
import { staffStore } from '../../desk/staff.store.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'
import type { SessionCookie } from './session-cookie.ts'

/** `signedOut` is told the session that ended, so that what was opened with it closes. */
type Parts = { db: Db; cookie: SessionCookie; signedOut: (token: string) => void; now: () => Date }

export function staffRoutes(doors: Doors, { db, cookie, signedOut, now }: Parts): void {
  const sessions = sessionsStore(db)

  /** A new session every time, so that none made before signing in can be ridden. */
  async function begin(actor: Actor, req: Request, res: Response): Promise<SessionView> {
    const before = cookie.read(req)
    if (before) await end(before)
    const { token } = await sessions.create(actor.staffId, now())
    await auditStore(db).record({ staffId: actor.staffId, act: 'session.begin', subject: actor.staffId }, now())
    const found = await sessions.find(token, now())
    if (!found) throw new Problem('wrong_credentials', 'the account was disabled meanwhile')
    cookie.set(res, token)
    return view(found)
  }

  async function end(token: string): Promise<void> {
    await sessions.end(token)
    signedOut(token)
  }

  doors.open('POST /api/session', async ({ body, req, res }) => {
    try {
      return await begin(await staff(db).signIn(body.name, body.password, now()), req, res)
    } catch (error) {
      if (error instanceof Problem && error.code === 'wrong_credentials')
        await auditStore(db).record({ act: 'session.refused', subject: 'sign-in' }, now())
      throw error
    }
  })
  doors.open('POST /api/setup', async ({ body, req, res }) =>
    begin(await staff(db).setUp(body.token, body.password, now()), req, res),
  )
  doors.open('GET /api/session', ({ signedIn }) => view(signedIn))
  doors.open('DELETE /api/session', async ({ signedIn, res }) => {
    const { staffId } = signedIn.actor
    await end(signedIn.token)
    await auditStore(db).record({ staffId, act: 'session.end', subject: staffId }, now())
    cookie.clear(res)
    return { ok: true }
  })

  doors.open('GET /api/staff', async () => ({ staff: await staffStore(db).list() }))
  doors.open('POST /api/staff', async ({ body, signedIn }) => {
    const made = await staff(db).create(body, now())
    const detail = { roles: made.roles }
    await auditStore(db).record(
      { staffId: signedIn.actor.staffId, act: 'staff.create', subject: made.staffId, detail },
      now(),
    )
    return (await staffStore(db).list()).find((one) => one.id === made.staffId)
  })

  doors.open('POST /api/staff/:id/extension', async ({ params, body, signedIn }) => {
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      await staff(tx).setExtension(params.id, body.extension || null)
      const detail = { extension: body.extension }
      await auditStore(tx).record({ staffId, act: 'staff.extension', subject: params.id, detail }, now())
    })
    return { ok: true }
  })

  doors.open('GET /api/audit', async ({ query }) => {
    const audit = auditStore(db)
    const { rows, total } = await audit.list(query.limit, query.offset)
    const shown = rows.map(({ id, at, by, act, subject }) => ({ id, at, who: by ?? '系统', act, subject }))
    return { rows: shown, total, chain: await audit.verify() }
  })
}

function view({ actor, displayName, csrf }: { actor: Actor; displayName: string; csrf: string }): SessionView {
  return { name: actor.name, displayName, workNumber: actor.workNumber, roles: actor.roles, csrf }
}
