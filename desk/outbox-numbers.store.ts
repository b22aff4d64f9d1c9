/** The numbers that contacts left, to be rung on or with a complaint: opened for whoever writes to them, or forgets them. */
import { sql } from 'kysely'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

export function outboxNumbersStore(db: Db, sealer: Pick<Sealer, 'open'>) {
  return {
    /** The latest first; one that was erased is none. */
    async of(contactIds: readonly string[]): Promise<string[]> {
      const these = sql`any(${[...contactIds]}::uuid[])`
      const { rows } = await sql<{ sealed: string }>`
        select sealed from (
          select b.phone_sealed as sealed, b.asked_at as at from callback b join conversation c on c.id = b.conversation_id
          where c.contact_id = ${these} and b.origin = 'asked' -- whoever was missed left no number
          union all
          select f.contact_sealed, f.opened_at from case_file f join conversation c on c.id = f.conversation_id
          where c.contact_id = ${these} and f.contact_sealed is not null
        ) left_numbers order by at desc`.execute(db)
      return rows.map(({ sealed }) => sealer.open(sealed)).filter((number) => number !== '')
    },
  }
}
