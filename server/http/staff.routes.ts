/** Signing in and out, members of staff and what is changed of their accounts. */
import type { Request, Response } from 'express'
import type { SessionView, StaffView } from '../../contract/http.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import { passwordSchema, type Actor } from '../../contract/staff.ts'
import { auditStore } from '../../desk/audit.store.ts'
import type { TellStaff } from '../../desk/case-news.ts'
import { maskText } from '../../desk/masking.ts'
import type { Sealer } from '../../desk/sealer.ts'
import { sessionsStore, type FoundSession, type SessionsStore } from '../../desk/sessions.store.ts'
import { staff } from '../../desk/staff.ts'
import { staffChanges } from '../../desk/staff-changes.ts'
import type { Manager } from '../../desk/staff-rule.ts'
import { officesStore } from '../../desk/offices.store.ts'
import { staffStore } from '../../desk/staff.store.ts'
import { secondFactor } from '../../desk/totp.ts'
import type { Db } from '../db/database.ts'
import type { Doors, SignedIn } from './doors.ts'
import type { SessionCookie } from './session-cookie.ts'

type Parts = {
  db: Db
  sealer: Sealer
  sessions: SessionsStore
  cookie: SessionCookie
  /** Whose name is in no password. */
  bureau: string
  /** Whether an installation's own scripts make accounts, and choose their passwords. */
  isScripted: boolean
  /** Told the session that ended, so that what was opened with it closes. */
  signedOut: (token: string) => void
  /** Told whose account is another one now, so that every desk of theirs closes. */
  changed: (staffId: string) => void
  /** Whoever is given what a colleague leaves behind. */
  tellStaff: TellStaff
  now: () => Date
}

const chosenByThemselves = '账号不由别人设密码：不填密码开通，再把一次性链接交给本人'

export function staffRoutes(doors: Doors, parts: Parts): void {
  const { db, sealer, sessions, cookie, bureau, isScripted, signedOut, changed, tellStaff, now } = parts
  const factor = secondFactor(db, sealer)

  /** A new session every time, so that none made before signing in can be ridden. */
  async function begin(actor: Actor, req: Request, res: Response): Promise<SessionView> {
    const before = cookie.read(req)
    if (before) await end(before)
    const { staffId } = actor
    const token = await db.transaction().execute(async (tx) => {
      const made = await sessionsStore(tx).create(staffId, now())
      await auditStore(tx).record({ staffId, act: 'session.begin', subject: staffId }, now())
      return made.token
    })
    const found = await sessions.find(token, now())
    if (!found) throw new Problem('wrong_credentials', 'the account was disabled meanwhile')
    cookie.set(res, token)
    return view(found, now())
  }

  /** Who was tried: a colleague, or the name as it was written. A password in the wrong line is not kept. */
  async function noteRefused(name: string): Promise<void> {
    const known = await staffStore(db).byName(name)
    const tried = passwordSchema.safeParse(name).success ? `${name.slice(0, 2)}…` : maskText(name.slice(0, 40))
    const told = known ? { subject: known.id } : { subject: 'sign-in', detail: { tried } }
    await auditStore(db).record({ act: 'session.refused', ...told }, now())
  }

  async function end(token: string): Promise<void> {
    await sessions.end(token)
    signedOut(token)
  }

  doors.open('POST /api/session', async ({ body, req, res }) => {
    const brought = body.otp
    try {
      const actor = await staff(db).signIn(body.name, body.password, now(), async (staffId) => {
        const verdict = await factor.check(staffId, brought, now())
        if (verdict === 'recovery')
          await auditStore(db).record({ staffId, act: 'totp.recovery', subject: staffId }, now())
        return verdict
      })
      return await begin(actor, req, res)
    } catch (error) {
      const isGuess = error instanceof Problem && (error.code === 'wrong_credentials' || error.fields.length > 0)
      if (isGuess) await noteRefused(body.name)
      throw error
    }
  })
  doors.open('POST /api/setup', async ({ body, req, res }) => {
    const actor = await staff(db).setUp(body.token, body.password, now(), bureau)
    // The link stands for the password alone: whoever has a second factor signs in with both.
    if (await factor.isEnrolled(actor.staffId)) throw new Problem('otp_required', 'the password is set; sign in')
    return begin(actor, req, res)
  })
  doors.open('GET /api/session', ({ signedIn }) => view(signedIn, now()))
  // To write is to use the session; nothing more is to be done.
  doors.open('POST /api/session/use', ({ signedIn }) => view(signedIn, now()))
  doors.open('DELETE /api/session', async ({ signedIn, res }) => {
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      await sessionsStore(tx).end(signedIn.token)
      await auditStore(tx).record({ staffId, act: 'session.end', subject: staffId }, now())
    })
    signedOut(signedIn.token)
    cookie.clear(res)
    return { ok: true }
  })

  doors.open('GET /api/staff', async () => ({ staff: await staffStore(db).list() }))
  doors.open('POST /api/staff', async ({ body, signedIn }) => {
    if (body.password !== undefined && !isScripted) throw faultyField('password', chosenByThemselves)
    const { staffId, link } = await staffChanges(db, managerOf(signedIn)).create(body, now())
    return { ...(await find(staffId)), ...(link && { link }) }
  })
  doors.open('GET /api/staff-unconfirmed', async () => ({
    staff: (await officesStore(db).unconfirmed()).map(({ view }) => view),
  }))
  doors.open('POST /api/staff/:id/confirm', async ({ params: { id }, signedIn }) => {
    await staffChanges(db, managerOf(signedIn)).confirm(id, now())
    return { ok: true }
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

  async function find(id: string): Promise<StaffView | undefined> {
    return (await staffStore(db).list()).find((one) => one.id === id)
  }

  async function change<T>(id: string, signedIn: SignedIn, work: (by: ReturnType<typeof staffChanges>) => Promise<T>) {
    const made = await work(staffChanges(db, managerOf(signedIn), tellStaff))
    changed(id)
    return made
  }

  doors.open('POST /api/staff/:id/roles', async ({ params: { id }, body, signedIn }) => {
    await change(id, signedIn, (by) => by.setRoles(id, body.roles, now()))
    return find(id)
  })
  doors.open('POST /api/staff/:id/disable', async ({ params: { id }, body, signedIn }) => {
    await change(id, signedIn, (by) => by.disable(id, body.reason, now()))
    return find(id)
  })
  doors.open('POST /api/staff/:id/enable', async ({ params: { id }, signedIn }) => {
    await change(id, signedIn, (by) => by.enable(id, now()))
    return find(id)
  })
  doors.open('POST /api/staff/:id/unlock', async ({ params: { id }, signedIn }) => {
    await change(id, signedIn, (by) => by.unlock(id, now()))
    return find(id)
  })
  doors.open('POST /api/staff/:id/totp-reset', async ({ params: { id }, signedIn }) => {
    await change(id, signedIn, (by) => by.resetTotp(id, now()))
    return find(id)
  })
  doors.open('POST /api/staff/:id/password-reset', ({ params: { id }, signedIn }) =>
    change(id, signedIn, (by) => by.resetPassword(id, now())),
  )
}

function managerOf({ actor, standsIn }: FoundSession): Manager {
  return { staffId: actor.staffId, roles: [...actor.roles, ...standsIn] }
}

function view({ actor, displayName, idleEndsAt, ...found }: FoundSession, now: Date): SessionView {
  const { name, workNumber, roles } = actor
  const { csrf, standsIn, mustEnrol, isUnconfirmed } = found
  const idleLeftSeconds = Math.max(0, Math.floor((idleEndsAt.getTime() - now.getTime()) / 1_000))
  return { name, displayName, workNumber, roles, standsIn, mustEnrol, isUnconfirmed, idleLeftSeconds, csrf }
}
