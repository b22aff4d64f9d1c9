/**
 * Changes of staff accounts after they were made. Every change ends the sessions of whom it is about, stands in the
 * audit log in the same transaction, and leaves no office empty and no case with somebody who works none any more.
 */
import { faultyField, Problem } from '../contract/problem.ts'
import { officesIn, roleNames, type NewStaff, type Role, type SetUpLink } from '../contract/staff.ts'
import { auditStore } from './audit.store.ts'
import type { TellStaff } from './case-news.ts'
import { caseOwners } from './case-owners.ts'
import { officesStore } from './offices.store.ts'
import { sessionsStore } from './sessions.store.ts'
import {
  emptied,
  mayConfirm,
  mayCreate,
  mayManage,
  needsConfirming,
  type Manager,
  type StaffAct,
} from './staff-rule.ts'
import { staff } from './staff.ts'
import { staffStore } from './staff.store.ts'
import type { Db } from './tables.ts'
import { totpStore } from './totp.store.ts'
import { inTransaction } from './transaction.ts'

const notOpened = { path: 'id', message: '对方还没有打开链接设好密码，设好后再确认' }

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
        const [empty] = emptied(managed, left, await officesStore(tx).holders())
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

  /** An account with an office is nobody's before somebody of another office has said whose it is. */
  async function giveOut(tx: Db, id: string, roles: readonly Role[]): Promise<void> {
    const store = officesStore(tx)
    const holders = (await store.holders()).filter(({ isConfirmed }) => isConfirmed)
    const giver = { id: manager.staffId, roles: manager.roles }
    await store.setUnconfirmed(id, needsConfirming({ id, roles }, giver, holders) ? manager.staffId : null)
  }

  return {
    /** @returns the account, and the link by which its person chooses a password; without one where a script chose it. */
    create(made: NewStaff, now: Date): Promise<{ staffId: string; link?: SetUpLink }> {
      if (!mayCreate(manager, made.roles))
        throw new Problem('not_allowed', 'a security administrator is made by another one')
      return inTransaction(db, async (tx) => {
        const { staffId, roles } = await staff(tx).create(made, now)
        await giveOut(tx, staffId, roles)
        const link = made.password === undefined ? await staff(tx).giveLink(staffId, now) : undefined
        const record = { staffId: manager.staffId, act: 'staff.create', subject: staffId, detail: { roles } } as const
        await auditStore(tx).record(record, now)
        return { staffId, ...(link && { link }) }
      })
    },

    /** @throws Problem not_allowed for whoever gave it out of hand, or holds the same office; conflict before it is set up. */
    confirm(id: string, now: Date): Promise<void> {
      return inTransaction(db, async (tx) => {
        const store = officesStore(tx)
        await staffStore(tx).lockMaking()
        const found = (await store.unconfirmed()).find(({ view }) => view.id === id)
        if (!found) throw new Problem('not_found', `nobody of ${id} is to be confirmed`)
        const { view, givenBy } = found
        if (!mayConfirm({ id: manager.staffId, roles: manager.roles }, { id, roles: view.offices }, givenBy))
          throw new Problem('not_allowed', `${manager.staffId} may not confirm ${id}`)
        if (!view.ready) throw new Problem('conflict', `${id} has not opened the link`, { fields: [notOpened] })
        await store.setUnconfirmed(id, null)
        const record = { staffId: manager.staffId, act: 'staff.confirm', subject: id } as const
        await auditStore(tx).record(record, now)
      })
    },

    setRoles(id: string, roles: readonly Role[], now: Date): Promise<void> {
      const wanted = [...new Set(roles)]
      const work = async (tx: Db, before: readonly Role[]) => {
        await staffStore(tx).setRoles(id, wanted)
        const isGiven = officesIn(wanted).some((office) => !before.includes(office))
        if (isGiven || officesIn(wanted).length === 0) await giveOut(tx, id, wanted)
      }
      return change(id, 'roles', now, work, { left: wanted, detail: { roles: wanted } })
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
    resetPassword(id: string, now: Date): Promise<SetUpLink> {
      return change(id, 'reset-password', now, async (tx, roles) => {
        await staffStore(tx).clearPassword(id)
        await giveOut(tx, id, roles)
        return staff(tx).giveLink(id, now)
      })
    },
  }
}
