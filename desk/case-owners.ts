/**
 * Whose cases are whose, and how they change hands: a supervisor gives one to somebody else (改派), and what is left by
 * somebody who works cases no more falls to the next by the rule that gives new cases their owner. Both are told, and
 * the course of the case keeps it.
 */
import type { CaseOwner, CaseOwnerChange } from '../contract/case.ts'
import { Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import { lockCase, newsOf, whoseOf } from './case-file.ts'
import type { TellStaff } from './case-news.ts'
import { mustMayOwn, worksCases } from './case-owner.ts'
import { caseOwnersStore } from './case-owners.store.ts'
import { chooseOwner, supervisorFor } from './case-people.ts'
import { casesStore, type LockedCase } from './cases.store.ts'
import type { Db } from './tables.ts'
import { inTransaction } from './transaction.ts'

type By = { by: 'officer' | 'system'; staffId?: string; note: string }

export function caseOwners(db: Db, tell?: TellStaff) {
  return {
    /** @param caseId whom this very case may be given to. @throws Problem not_found */
    async offered(caseId: string | undefined): Promise<CaseOwner[]> {
      const all = await caseOwnersStore(db).all()
      if (caseId === undefined) return all
      const file = await casesStore(db).byId(caseId)
      if (!file) throw new Problem('not_found', `no case ${caseId}`)
      return all.filter(({ id }) => id !== file.owner_id && id !== file.rated_staff_id)
    },

    /** @throws Problem not_found, illegal_move; invalid_input naming `ownerId`. */
    assign(caseId: string, { ownerId, reason }: CaseOwnerChange, actor: Actor, now: Date): Promise<void> {
      return inTransaction(db, async (tx) => {
        const file = await lockCase(tx, caseId)
        mustMayOwn({ state: file.state, ...whoseOf(file) }, await caseOwnersStore(tx).find(ownerId))
        await giveTo(tx, file, ownerId, { by: 'officer', staffId: actor.staffId, note: reason }, now, tell)
      })
    },

    /** Whatever somebody leaves who is disabled, or works cases no more. @returns how many they owned. */
    leave(staffId: string, now: Date): Promise<number> {
      return inTransaction(db, async (tx) => {
        const store = caseOwnersStore(tx)
        const leaver = await store.find(staffId)
        if (!leaver || (!leaver.isDisabled && worksCases(leaver.roles))) return 0
        let left = 0
        for (const caseId of await store.openOf(staffId)) {
          const file = await lockCase(tx, caseId)
          if (file.owner_id === staffId) left++
          await mindOwned(tx, file, now, tell)
        }
        return left
      })
    },
  }
}

/** Nobody owns or supervises a case who may not: what they left falls to the next. `file` says afterwards who does. */
export async function mindOwned(tx: Db, file: LockedCase, now: Date, tell?: TellStaff): Promise<void> {
  const store = caseOwnersStore(tx)
  const isGone = async (id: string) => {
    const one = await store.find(id)
    return !one || one.isDisabled || !worksCases(one.roles)
  }
  if (file.supervisor_id && (await isGone(file.supervisor_id))) {
    file.supervisor_id = await supervisorFor(tx, whoseOf(file))
    await store.set(file.id, file.owner_id, file.supervisor_id)
  }
  if (!(await isGone(file.owner_id))) return
  const next = await chooseOwner(tx, file.rated_staff_id ?? undefined)
  await giveTo(tx, file, next, { by: 'system', note: '原负责人不再办理整改，自动转交' }, now, tell)
}

async function giveTo(
  tx: Db,
  file: LockedCase,
  ownerId: string,
  by: By,
  now: Date,
  tell: TellStaff | undefined,
): Promise<void> {
  const store = caseOwnersStore(tx)
  const formerOwnerId = file.owner_id
  const [from, to] = [await store.find(formerOwnerId), await store.find(ownerId)]
  const names = { from: from?.name ?? '', to: to?.name ?? '' }
  file.owner_id = ownerId
  // Nobody sees to it that they themselves move.
  if (file.supervisor_id === ownerId) file.supervisor_id = await supervisorFor(tx, whoseOf(file))
  await store.set(file.id, ownerId, file.supervisor_id)
  const { state } = file
  const data = { ownerFrom: names.from, ownerTo: names.to }
  const event = { kind: 'given', from: state, to: state, data, at: now, ...by } as const
  const seq = await casesStore(tx).addEvent(file.id, event)
  await tell?.(tx, { ...newsOf(file, seq), what: 'given', formerOwnerId, ...names }, now)
}
