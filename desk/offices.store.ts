/** Offices in PostgreSQL: who holds one, and which were given out of hand and wait for somebody's word. */
import type { UnconfirmedView } from '../contract/security.ts'
import { offices, officesIn, type Office, type Role } from '../contract/staff.ts'
import type { Db, DeskTables } from './tables.ts'

export function officesStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    /** Who holds an office: accounts in force whose person has chosen a password. */
    async holders(): Promise<{ id: string; roles: Role[]; isConfirmed: boolean }[]> {
      const rows = await d
        .selectFrom('staff')
        .select(['id', 'roles', 'unconfirmed_by'])
        .where('disabled_at', 'is', null)
        .where('set_up_at', 'is not', null)
        .execute()
      const held = rows.filter(({ roles }) => officesIn(roles).length > 0)
      return held.map(({ id, roles, unconfirmed_by: by }) => ({ id, roles, isConfirmed: by === null }))
    },

    /** Offices that nobody holds. */
    async vacant(): Promise<Office[]> {
      const held = (await this.holders()).flatMap(({ roles }) => officesIn(roles))
      return offices.filter((office) => !held.includes(office))
    },

    /** @param by who gave the account out of hand; null: it is confirmed. */
    async setUnconfirmed(id: string, by: string | null): Promise<void> {
      await d.updateTable('staff').set({ unconfirmed_by: by }).where('id', '=', id).execute()
    },

    async unconfirmed(): Promise<{ view: UnconfirmedView; givenBy: { id: string; roles: Role[] } }[]> {
      const rows = await d
        .selectFrom('staff')
        .innerJoin('staff as giver', 'giver.id', 'staff.unconfirmed_by')
        .select(['staff.id', 'staff.name', 'staff.display_name', 'staff.work_number', 'staff.roles'])
        .select(['staff.password_hash', 'giver.id as giver_id', 'giver.display_name as giver_name'])
        .select('giver.roles as giver_roles')
        .where('staff.disabled_at', 'is', null)
        .orderBy('staff.work_number')
        .execute()
      return rows.map((row) => ({
        view: {
          ...{ id: row.id, name: row.name, displayName: row.display_name, workNumber: row.work_number },
          ...{ offices: officesIn(row.roles), givenBy: row.giver_name, ready: row.password_hash !== null },
        },
        givenBy: { id: row.giver_id, roles: row.giver_roles },
      }))
    },
  }
}
