/** One's own password and second factor, the audit log and its check, how long things are kept. */
import type { AuditSlice, AuditView, SecurityView, TotpBegun, TotpView } from '../../contract/security.ts'
import { auditSliceRows } from '../../contract/security.ts'
import { needsFactor, officesIn, roles, type FactorRule } from '../../contract/staff.ts'
import { Problem } from '../../contract/problem.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { auditTable } from '../../desk/audit-table.ts'
import { officesStore } from '../../desk/offices.store.ts'
import { retentionStore } from '../../desk/retention.store.ts'
import type { Sealer } from '../../desk/sealer.ts'
import type { SessionsStore } from '../../desk/sessions.store.ts'
import { staff } from '../../desk/staff.ts'
import { secondFactor } from '../../desk/totp.ts'
import { totpStore } from '../../desk/totp.store.ts'
import { businessDay } from '../../desk/working-days.ts'
import { writeCsv } from '../../knowledge/sheet/csv.ts'
import { safeCell } from '../../knowledge/sheet/sheet.ts'
import { writeXlsx } from '../../knowledge/sheet/xlsx.ts'
import { auditNames } from '../audit-names.ts'
import type { Db } from '../db/database.ts'
import type { Doors, SignedIn } from './doors.ts'

type Parts = {
  db: Db
  sealer: Sealer
  sessions: SessionsStore
  requireTotp: FactorRule
  /** The bureau, as the authenticator names the account. */
  bureau: string
  changed: (staffId: string) => void
  now: () => Date
}

const mostExported = 20_000

export function securityRoutes(doors: Doors, { db, sealer, sessions, requireTotp, bureau, changed, now }: Parts): void {
  const factor = secondFactor(db, sealer)
  const names = auditNames(db)
  const about = async (subject: string | undefined) =>
    subject === undefined ? {} : { subjects: await names.meant(subject) }
  const needs = ({ actor }: SignedIn) => needsFactor(requireTotp, actor.roles)

  /** Whoever asks proves again who they are, and their other sessions end. */
  const again = (signedIn: SignedIn, password: string, otp?: string) =>
    staff(db).signIn(signedIn.actor.name, password, now(), (staffId) => factor.check(staffId, otp, now()))

  async function endOthers({ actor, token }: SignedIn): Promise<void> {
    await sessions.endAll(actor.staffId, token)
    changed(actor.staffId)
  }

  doors.open('POST /api/password', async ({ body, signedIn }) => {
    const { staffId } = await again(signedIn, body.password, body.otp)
    await db.transaction().execute(async (tx) => {
      const owner = { ...signedIn.actor, displayName: signedIn.displayName }
      await staff(tx).changePassword(owner, body.newPassword, now(), bureau)
      await auditStore(tx).record({ staffId, act: 'password.change', subject: staffId }, now())
    })
    await endOthers(signedIn)
    return { ok: true }
  })

  doors.open('GET /api/totp', async ({ signedIn }): Promise<TotpView> => {
    const { staffId } = signedIn.actor
    const [enrolled, recoveryCodesLeft] = [await factor.isEnrolled(staffId), await factor.codesLeft(staffId)]
    return { enrolled, required: needs(signedIn), recoveryCodesLeft }
  })
  doors.open('POST /api/totp', async ({ body, signedIn }): Promise<TotpBegun> => {
    const { staffId, name } = signedIn.actor
    if (await factor.isEnrolled(staffId)) throw new Problem('conflict', `staff ${staffId} has a second factor`)
    await again(signedIn, body.password)
    return factor.begin({ id: staffId, name }, bureau, now())
  })
  doors.open('POST /api/totp/confirm', async ({ body, signedIn }) => {
    const { staffId } = signedIn.actor
    const recoveryCodes = await db.transaction().execute(async (tx) => {
      const codes = await secondFactor(tx, sealer).confirm(staffId, body.code, now())
      await auditStore(tx).record({ staffId, act: 'totp.enrol', subject: staffId }, now())
      return codes
    })
    await endOthers(signedIn)
    return { recoveryCodes }
  })
  doors.open('POST /api/totp/remove', async ({ body, signedIn }) => {
    const { staffId } = await again(signedIn, body.password, body.otp)
    await db.transaction().execute(async (tx) => {
      await secondFactor(tx, sealer).remove(staffId)
      await auditStore(tx).record({ staffId, act: 'totp.remove', subject: staffId }, now())
    })
    return { ok: true }
  })

  doors.open('GET /api/security', async (): Promise<SecurityView> => {
    const asked = roles.filter((role) => officesIn([role]).length > 0 || needsFactor(requireTotp, [role]))
    const withoutTotp = await totpStore(db).without(asked)
    return {
      requireTotp,
      vacant: await officesStore(db).vacant(),
      withoutTotp: withoutTotp.map(({ name, displayName, roles: held }) => ({
        ...{ name, displayName },
        roles: asked.filter((role) => held.includes(role)),
      })),
      auditRows: (await auditStore(db).list(1, 0)).total,
    }
  })

  doors.open('GET /api/audit', async ({ query }): Promise<AuditView> => {
    const { limit, offset, subject, ...filter } = query
    const audit = auditStore(db)
    const { rows, total } = await audit.list(limit, offset, { ...filter, ...(await about(subject)) })
    const newest = await audit.newestSlice(auditSliceRows)
    return {
      rows: rows.map(({ by, ...row }) => ({ ...row, who: by ?? '系统' })),
      total,
      names: await names.of(rows),
      chain: { ok: newest.broken === undefined, from: newest.from, to: newest.to },
    }
  })
  doors.open(
    'GET /api/audit-check',
    ({ query }): Promise<AuditSlice> => auditStore(db).slice(query.after, auditSliceRows),
  )
  doors.open('GET /api/audit-table', async ({ query, signedIn, res }) => {
    const { format, subject, ...filter } = query
    const { staffId } = signedIn.actor
    const { rows, total } = await auditStore(db).list(mostExported, 0, { ...filter, ...(await about(subject)) })
    const table = auditTable(rows, await names.of(rows)).map((cells) => cells.map(safeCell))
    const detail = { ...query, rows: rows.length, of: total }
    await auditStore(db).record({ staffId, act: 'audit.export', subject: 'audit', detail }, now())
    const file = format === 'csv' ? writeCsv(table) : writeXlsx([{ name: '审计', rows: table }])
    res
      .attachment(`审计-${businessDay(now())}.${format}`)
      .set('cache-control', 'no-store')
      .send(file)
  })

  doors.open('GET /api/retention', async () => ({ retention: await retentionStore(db).list() }))
  doors.open('POST /api/retention', async ({ body, signedIn }) => {
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      const before = await retentionStore(tx).set(body.kind, body.days, staffId, now())
      const detail = { before, days: body.days }
      await auditStore(tx).record({ staffId, act: 'retention.change', subject: body.kind, detail }, now())
    })
    return { retention: await retentionStore(db).list() }
  })
}
