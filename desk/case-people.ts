/** Who a case falls to: whoever owns it, and whoever sees to it that it moves. */
import { Problem } from '../contract/problem.ts'
import { caseOwnersStore, type CaseOwnersStore } from './case-owners.store.ts'
import type { Db } from './tables.ts'

type File = { ownerId: string; ratedStaffId?: string }

/**
 * Nobody's case does not exist: officers first, then supervisors, then an administrator. Whoever was rated owns it only
 * where there is nobody else.
 */
export async function chooseOwner(db: Db, rated?: string): Promise<string> {
  const store = caseOwnersStore(db)
  for (const except of [rated, undefined]) {
    const id = await firstOf(store, ['officer', 'supervisor', 'administrator'], [except])
    if (id) return id
  }
  throw new Problem('not_ready', 'no officer, supervisor or administrator to own a case')
}

/** Above the owner, and not whoever was rated. Null where there is nobody. */
export async function supervisorFor(db: Db, { ownerId, ratedStaffId }: File): Promise<string | null> {
  return (await firstOf(caseOwnersStore(db), ['supervisor', 'administrator'], [ownerId, ratedStaffId])) ?? null
}

async function firstOf(
  store: CaseOwnersStore,
  roles: readonly ('officer' | 'supervisor' | 'administrator')[],
  except: readonly (string | undefined)[],
): Promise<string | undefined> {
  for (const role of roles) {
    const id = await store.leastBusy(role, except)
    if (id) return id
  }
  return undefined
}
