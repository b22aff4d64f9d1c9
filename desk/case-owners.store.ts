/** Who owns which cases, in PostgreSQL. */
import { sql } from 'kysely'
import type { CaseOwner } from '../contract/case.ts'
import type { Role } from '../contract/staff.ts'
import { handlers } from './case.ts'
import type { Db, DeskTables } from './tables.ts'

export type CaseOwnersStore = ReturnType<typeof caseOwnersStore>

const working = sql<boolean>`staff.disabled_at is null and staff.roles && ${sql.val([...handlers])}::text[]`

export function caseOwnersStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    /** Whoever of this role may sign in and has the fewest open cases. */
    async leastBusy(role: Role, except: readonly (string | null | undefined)[]): Promise<string | undefined> {
      const not = except.flatMap((id) => id ?? [])
      const row = await d
        .selectFrom('staff')
        .leftJoin('case_file', (on) =>
          on.onRef('case_file.owner_id', '=', 'staff.id').on('case_file.closed_at', 'is', null),
        )
        .select('staff.id')
        .where('staff.disabled_at', 'is', null)
        .where(sql<boolean>`${role} = any(staff.roles)`)
        .where(sql<boolean>`staff.id <> all(${sql.val(not)}::uuid[])`)
        .groupBy('staff.id')
        // Somebody still waiting for a set-up link comes last, yet before nobody.
        .orderBy(sql`staff.password_hash is null`)
        .orderBy((row) => row.fn.count('case_file.id'))
        .orderBy('staff.work_number')
        .executeTakeFirst()
      return row?.id
    },

    /** Everybody who works cases, by name. */
    async all(): Promise<CaseOwner[]> {
      return d
        .selectFrom('staff')
        .select((row) => [
          'staff.id',
          'staff.display_name as name',
          row
            .selectFrom('case_file')
            .select((of) => of.fn.countAll<number>().as('open'))
            .whereRef('case_file.owner_id', '=', 'staff.id')
            .where('case_file.closed_at', 'is', null)
            .$asScalar()
            .as('open'),
        ])
        .where(working)
        .orderBy('staff.display_name')
        .$narrowType<{ open: number }>()
        .execute()
    },

    async find(id: string): Promise<{ id: string; name: string; roles: Role[]; isDisabled: boolean } | undefined> {
      const row = await d
        .selectFrom('staff')
        .select(['id', 'display_name', 'roles', 'disabled_at'])
        .where('id', '=', id)
        .executeTakeFirst()
      return row && { id: row.id, name: row.display_name, roles: row.roles, isDisabled: row.disabled_at !== null }
    },

    /** Open cases that somebody owns or supervises, in the order of their numbers. */
    async openOf(staffId: string): Promise<string[]> {
      const rows = await d
        .selectFrom('case_file')
        .select('id')
        .where('closed_at', 'is', null)
        .where((row) => row.or([row('owner_id', '=', staffId), row('supervisor_id', '=', staffId)]))
        .orderBy('number')
        .execute()
      return rows.map(({ id }) => id)
    },

    async set(caseId: string, ownerId: string, supervisorId: string | null): Promise<void> {
      await d
        .updateTable('case_file')
        .set({ owner_id: ownerId, supervisor_id: supervisorId })
        .where('id', '=', caseId)
        .execute()
    },
  }
}
