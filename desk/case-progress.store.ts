/** Cases by their number or by whose they are, in PostgreSQL. */
import { sql } from 'kysely'
import type { CaseKind, CaseState } from '../contract/case.ts'
import type { Db } from './tables.ts'

export type ProgressRow = {
  id: string
  number: string
  kind: CaseKind
  state: CaseState
  conversation_id: string | null
  contact_id: string | null
  contact_sealed: string | null
  rated_staff_id: string | null
  opened_at: Date
  due_on: string
  provisional: boolean
  reopened: number
}

const columns = sql`f.id, f.number, f.kind, f.state, f.conversation_id, v.contact_id, f.contact_sealed, f.rated_staff_id,
  f.opened_at, f.due_on, f.provisional, f.reopened`

export function caseProgressStore(db: Db) {
  return {
    async byNumber(number: string): Promise<ProgressRow | undefined> {
      const { rows } = await sql<ProgressRow>`
        select ${columns} from case_file f left join conversation v on v.id = f.conversation_id
        where f.number = ${number}`.execute(db)
      return rows[0]
    },

    async ofContacts(contactIds: readonly string[], limit: number): Promise<ProgressRow[]> {
      const { rows } = await sql<ProgressRow>`
        select ${columns} from case_file f join conversation v on v.id = f.conversation_id
        where v.contact_id = any(${sql.val([...contactIds])}::uuid[])
        order by f.opened_at desc, f.number desc limit ${limit}`.execute(db)
      return rows
    },
  }
}
