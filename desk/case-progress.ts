/** Where a case stands, as much of it as a citizen may hear: neither evidence nor what was noted inside the house. */
import { Problem } from '../contract/problem.ts'
import type { CaseProgress } from '../contract/case-progress.ts'
import type { CaseState } from '../contract/case.ts'
import { caseProgressStore, type ProgressRow } from './case-progress.store.ts'
import { casesStore } from './cases.store.ts'
import { maskText } from './masking.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'
import { businessDay } from './working-days.ts'

/** `contactId`: whose conversation it came of. `phoneHash`: of the number that 12345 passed on. */
export type FoundCase = {
  caseId: string
  contactId?: string
  phoneHash?: Buffer
  ratedStaffId?: string
  progress: Omit<CaseProgress, 'words'>
}

/** In these the citizen has been told what was put right. */
const toldOfRemedy: readonly CaseState[] = ['reported_back', 'followed_up', 'closed']

export function caseProgress(db: Db, sealer: Sealer) {
  const store = caseProgressStore(db)

  async function found(row: ProgressRow): Promise<FoundCase> {
    const phone = row.conversation_id === null && row.contact_sealed ? sealer.open(row.contact_sealed) : undefined
    return {
      caseId: row.id,
      contactId: row.contact_id ?? undefined,
      // As the telephone channel knows whoever rings.
      phoneHash: phone === undefined ? undefined : sealer.lookupHash(`phone:${phone}`),
      ratedStaffId: row.rated_staff_id ?? undefined,
      progress: {
        number: row.number,
        kind: row.kind,
        state: row.state,
        openedOn: businessDay(row.opened_at),
        dueOn: row.due_on,
        provisional: row.provisional,
        reopened: row.reopened,
        remedy: toldOfRemedy.includes(row.state) ? await remedyOf(row.id) : undefined,
      },
    }
  }

  async function remedyOf(caseId: string): Promise<string | undefined> {
    const events = await casesStore(db).events(caseId)
    const remedy = events.findLast(({ to_state }) => to_state === 'to_review')?.data.remedy
    return remedy && maskText(remedy)
  }

  return {
    async ofNumber(number: string): Promise<FoundCase | undefined> {
      const row = await store.byNumber(number)
      return row && found(row)
    },

    /** What came of any conversation of these, the newest first. */
    async ofContacts(contactIds: readonly string[], limit: number): Promise<FoundCase[]> {
      return Promise.all((await store.ofContacts(contactIds, limit)).map(found))
    },

    /** For a colleague who has the citizen. Whoever was rated learns nothing. @throws Problem not_found */
    async forStaff(number: string, staffId: string): Promise<FoundCase> {
      const one = await this.ofNumber(number)
      if (!one || one.ratedStaffId === staffId) throw new Problem('not_found', `no case ${number} for ${staffId}`)
      return one
    },
  }
}
