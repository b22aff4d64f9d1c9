/** A case in somebody's hands: held until the transaction ends, and named for what is told of it. */
import { Problem } from '../contract/problem.ts'
import type { CaseNews } from './case-news.ts'
import { casesStore, type LockedCase } from './cases.store.ts'
import type { Db } from './tables.ts'

/** Until the transaction ends. @throws Problem not_found */
export async function lockCase(tx: Db, id: string): Promise<LockedCase> {
  const file = await casesStore(tx).lock({ id })
  if (!file) throw new Problem('not_found', `no case ${id}`)
  return file
}

/** @param seq the event that is told. */
export function newsOf(file: LockedCase, seq: number): Pick<CaseNews, 'caseId' | 'number' | 'kind' | 'seq'> & Whose {
  const { id: caseId, number, kind } = file
  return { caseId, number, kind, seq, ...whoseOf(file) }
}

type Whose = { ownerId: string; supervisorId?: string; ratedStaffId?: string }
export function whoseOf(file: Pick<LockedCase, 'owner_id' | 'supervisor_id' | 'rated_staff_id'>): Whose {
  return {
    ownerId: file.owner_id,
    supervisorId: file.supervisor_id ?? undefined,
    ratedStaffId: file.rated_staff_id ?? undefined,
  }
}
