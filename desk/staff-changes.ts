/**
 * Changes of staff accounts after they were made. Every change ends the sessions of whom it is about, stands in the
 * audit log in the same transaction, and leaves no office empty and no case with somebody who works none any more.
 */
import { createHash, randomBytes } from 'node:crypto'
import { faultyField, Problem } from '../contract/problem.ts'
import type { ResetLink } from '../contract/security.ts'
import { roleNames, type Role } from '../contract/staff.ts'
import { auditStore } from './audit.store.ts'
import type { TellStaff } from './case-news.ts'
import { caseOwners } from './case-owners.ts'
import { sessionsStore } from './sessions.store.ts'
import { emptied, mayManage, type Manager, type StaffAct } from './staff-rule.ts'
import { staffStore } from './staff.store.ts'
import type { Db } from './tables.ts'
import { totpStore } from './totp.store.ts'
import { inTransaction } from './transaction.ts'

const linkMs = 24 * 3_600_000

/**
 * @param manager whose roles include the offices that they stand in for.
 * @param tell whoever is given the cases that somebody leaves behind.
 */
export function staffChanges(db: Db, manager: Manager, tell?: TellStaff) {
  /** @throws Problem not_found; not_allowed; conflict when an office would stand empty. */
  function change<T>(
    id: string,
    act: StaffAct,
    now: Date,
    work: (tx: Db, before: readonly Role[]) => Promise<T>,
    { left, detail = {} }: { left?: readonly Role[]; detail?: Record<string, unknown> } = {},
  ): Promise<T> {
    return inTransaction(db, async (tx) => {
      const store = staffStore(tx)
      await store.lockMaking()
      const managed = await store.byId(id)
      if (!managed) throw new Problem('not_found', `no staff ${id}`)
      const verdict = mayManage(manager, managed, act)
      if (verdict !== 'allowed') throw new Problem('not_allowed', `${act} of ${id}: ${verdict}`)
      if (left) {
        const [empty] = emptied(managed, left, await store.inForce())
        if (empty) {
          const message = `这是唯一的${roleNames[empty]}，请先指定另一位`
          throw new Problem('conflict', `nobody else is ${empty}`, { fields: [{ path: 'roles', message }] })
        }
      }
      const made = await work(tx, managed.roles)
      await sessionsStore(tx).endAll(id)
      const cases = await caseOwners(tx, tell).leave(id, now)
      const told = cases > 0 ? { ...detail, cases } : detail
      const record = { staffId: manager.staffId, act: `staff.${act}` as const, subject: id, detail: told }
      await auditStore(tx).record(record, now)
      return made
    })
  }

  return {
    setRoles(id: string, roles: readonly Role[], now: Date): Promise<void> {
      const wanted = [...new Set(roles)]
      return change(id, 'roles', now, (tx) => staffStore(tx).setRoles(id, wanted), {
        left: wanted,
        detail: { roles: wanted },
      })
    },

    disable(id: string, reason: string, now: Date): Promise<void> {
      return change(id, 'disable', now, (tx) => staffStore(tx).setDisabled(id, now), { left: [], detail: { reason } })
    },

    enable: (id: string, now: Date): Promise<void> =>
      change(id, 'enable', now, (tx) => staffStore(tx).setDisabled(id, null)),

    unlock: (id: string, now: Date): Promise<void> => change(id, 'unlock', now, (tx) => staffStore(tx).unlock(id)),

    resetTotp: (id: string, now: Date): Promise<void> =>
      change(id, 'reset-totp', now, async (tx) => {
        if (!(await totpStore(tx).remove(id))) throw faultyField('id', '这位同事没有启用双因素认证')
      }),

    /** The old password is void at once; the new one is chosen by whoever opens the link. */
    resetPassword(id: string, now: Date): Promise<ResetLink> {
      const token = randomBytes(24).toString('base64url')
      const expiresAt = new Date(now.getTime() + linkMs)
      return change(id, 'reset-password', now, async (tx) => {
        const store = staffStore(tx)
        await store.clearPassword(id)
        await store.replaceSetupLink(id, createHash('sha256').update(token).digest(), expiresAt)
        return { token, expiresAt: expiresAt.toISOString() }
      })
    },
  }
}
