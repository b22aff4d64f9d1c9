/** Staff rows in PostgreSQL, and their passwords. */
import { sql } from 'kysely'
import type { StaffView } from '../contract/http.ts'
import { Problem } from '../contract/problem.ts'
import type { Actor, Role } from '../contract/staff.ts'
import type { Db, DeskTables } from './tables.ts'

export type NewStaffRow = {
  name: string
  displayName: string
  workNumber: string
  roles: readonly Role[]
}

/** Any number that no other use of advisory locks in this database takes. */
const staffLock = 7_201_002

export function staffStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    /** One maker of staff at a time, until the transaction ends: two must not be given one work number. */
    async lockMaking(): Promise<void> {
      await sql`select pg_advisory_xact_lock(${staffLock})`.execute(d)
    },

    async freeWorkNumber(): Promise<string> {
      const { rows } = await sql<{ free: number }>`
        select min(n) as free from generate_series(1001, 9999) n
        where not exists (select from staff where work_number = n::text)`.execute(d)
      return String(rows[0]?.free)
    },

    /** @returns undefined when the name or the work number is taken. */
    async insert(staff: NewStaffRow, now: Date): Promise<string | undefined> {
      const row = await d
        .insertInto('staff')
        .values({
          name: staff.name,
          display_name: staff.displayName,
          work_number: staff.workNumber,
          password_hash: null,
          roles: [...staff.roles],
          locked_until: null,
          created_at: now,
          disabled_at: null,
          set_up_at: null,
        })
        .onConflict((known) => known.doNothing())
        .returning('id')
        .executeTakeFirst()
      return row?.id
    },

    byName(name: string) {
      return d.selectFrom('staff').selectAll().where('name', '=', name).executeTakeFirst()
    },

    async byId(id: string): Promise<{ id: string; name: string; roles: Role[] } | undefined> {
      return d.selectFrom('staff').select(['id', 'name', 'roles']).where('id', '=', id).executeTakeFirst()
    },

    /** Accounts that are not disabled. */
    async inForce(): Promise<{ id: string; roles: Role[] }[]> {
      return d.selectFrom('staff').select(['id', 'roles']).where('disabled_at', 'is', null).execute()
    },

    async setRoles(id: string, roles: readonly Role[]): Promise<void> {
      await d
        .updateTable('staff')
        .set({ roles: [...roles] })
        .where('id', '=', id)
        .execute()
    },

    async setDisabled(id: string, at: Date | null): Promise<void> {
      await d.updateTable('staff').set({ disabled_at: at }).where('id', '=', id).execute()
    },

    async unlock(id: string): Promise<void> {
      await d.updateTable('staff').set({ failed_tries: 0, locked_until: null }).where('id', '=', id).execute()
    },

    async isLocked(id: string, now: Date): Promise<boolean> {
      const row = await d.selectFrom('staff').select('locked_until').where('id', '=', id).executeTakeFirst()
      return row?.locked_until !== null && row?.locked_until !== undefined && row.locked_until > now
    },

    /** The newest `count` that this person chose, the one in force among them. */
    async lastPasswordHashes(id: string, count: number): Promise<string[]> {
      const kept = d.selectFrom('password_history').select('password_hash').where('staff_id', '=', id)
      const rows = await kept.orderBy('set_at', 'desc').limit(count).execute()
      return rows.map((row) => row.password_hash)
    },

    async clearPassword(id: string): Promise<void> {
      const set = { password_hash: null, failed_tries: 0, locked_until: null }
      await d.updateTable('staff').set(set).where('id', '=', id).execute()
    },

    /**
     * Adds one failure, whoever else adds one at the same moment; the last allowed one locks.
     * @returns false when the row was locked meanwhile; `locked` when this one locked it.
     */
    async addFailure(id: string, allowed: number, lockedUntil: Date, now: Date): Promise<boolean | 'locked'> {
      const row = await d
        .updateTable('staff')
        .set({
          failed_tries: sql`case when failed_tries + 1 >= ${allowed} then 0 else failed_tries + 1 end`,
          locked_until: sql`case when failed_tries + 1 >= ${allowed} then ${lockedUntil}::timestamptz end`,
        })
        .where('id', '=', id)
        .where((row) => row.or([row('locked_until', 'is', null), row('locked_until', '<=', now)]))
        .returning('locked_until')
        .executeTakeFirst()
      return row?.locked_until ? 'locked' : row !== undefined
    },

    /** @returns false when the row was locked meanwhile. */
    async forgiveFailures(id: string, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('staff')
        .set({ failed_tries: 0, locked_until: null })
        .where('id', '=', id)
        .where((row) => row.or([row('locked_until', 'is', null), row('locked_until', '<=', now)]))
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    async setPassword(id: string, passwordHash: string, now: Date): Promise<Actor> {
      await d
        .insertInto('password_history')
        .values({ staff_id: id, password_hash: passwordHash, set_at: now })
        .onConflict((known) => known.doNothing())
        .execute()
      const row = await d
        .updateTable('staff')
        .set({ password_hash: passwordHash, failed_tries: 0, locked_until: null })
        .set({ set_up_at: sql`coalesce(set_up_at, ${now}::timestamptz)` })
        .where('id', '=', id)
        .returning(['id', 'name', 'work_number', 'roles'])
        .executeTakeFirstOrThrow()
      return actorFrom(row)
    },

    /** Work numbers by staff id: what citizens and lists show instead of a name. */
    async workNumbers(ids: readonly string[]): Promise<Map<string, string>> {
      if (ids.length === 0) return new Map()
      const rows = await d.selectFrom('staff').select(['id', 'work_number']).where('id', 'in', ids).execute()
      return new Map(rows.map((row) => [row.id, row.work_number]))
    },

    /** @returns false when somebody else has it. @throws Problem not_found when nobody has this id. */
    async setExtension(id: string, extension: string | null): Promise<boolean> {
      const { rows } = await sql<{ is_set: boolean }>`
        with changed as (
          update staff set extension = ${extension} where id = ${id}
            and not exists (select from staff other where other.extension = ${extension} and other.id <> ${id})
          returning id
        )
        select exists (select from changed) as is_set from staff where id = ${id}`.execute(d)
      const [found] = rows
      if (!found) throw new Problem('not_found', `no staff ${id}`)
      return found.is_set
    },

    async extensionOf(id: string): Promise<string | undefined> {
      const row = await d.selectFrom('staff').select('extension').where('id', '=', id).executeTakeFirst()
      return row?.extension ?? undefined
    },

    async list(): Promise<StaffView[]> {
      const rows = await d
        .selectFrom('staff')
        .leftJoin('staff_totp', 'staff_totp.staff_id', 'staff.id')
        .selectAll('staff')
        .select('confirmed_at')
        .select(
          sql<number>`(select count(*) from case_file f where f.owner_id = staff.id and f.closed_at is null)`.as(
            'cases',
          ),
        )
        .orderBy('work_number')
        .execute()
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        displayName: row.display_name,
        workNumber: row.work_number,
        roles: row.roles,
        extension: row.extension ?? undefined,
        createdAt: row.created_at.toISOString(),
        ready: row.password_hash !== null && row.disabled_at === null,
        isUnconfirmed: row.unconfirmed_by !== null,
        disabled: row.disabled_at !== null,
        lockedUntil: row.locked_until?.toISOString(),
        totp: row.confirmed_at !== null,
        openCases: row.cases,
      }))
    },
  }
}

export function actorFrom(row: { id: string; name: string; work_number: string; roles: Role[] }): Actor {
  return { staffId: row.id, name: row.name, workNumber: row.work_number, roles: row.roles }
}
