/** Who is at their desk. `since` tells how long in this state, `seen_at` when their console last spoke. */
import { sql, type Selectable } from 'kysely'
import type { MyPresence } from '../contract/queue.ts'
import type { PresenceState } from '../contract/staff.ts'
import type { Db, DeskTables } from './tables.ts'

export type PresenceStore = ReturnType<typeof presenceStore>
export type Presence = {
  staffId: string
  displayName: string
  workNumber: string
  state: PresenceState
  since: Date
  seenAt: Date
}

export function presenceStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    /** The agent's own choice. */
    async set(staffId: string, state: PresenceState, now: Date): Promise<MyPresence> {
      const row = await d
        .insertInto('presence')
        .values({ staff_id: staffId, state, cause: 'chosen', since: now, seen_at: now })
        .onConflict((known) =>
          known.column('staff_id').doUpdateSet({
            state,
            cause: 'chosen',
            since: sql`case when presence.state = excluded.state then presence.since else excluded.since end`,
            seen_at: now,
          }),
        )
        .returning(['state', 'cause', 'since'])
        .executeTakeFirstOrThrow()
      return mineOf(row)
    },

    /** Nobody looked at whom they were given. @returns undefined for who was not online any more. */
    async setAside(staffId: string, now: Date): Promise<MyPresence | undefined> {
      const row = await d
        .updateTable('presence')
        .set({ state: 'busy', cause: 'unseen', since: now })
        .where('staff_id', '=', staffId)
        .where('state', '=', 'online')
        .returning(['state', 'cause', 'since'])
        .executeTakeFirst()
      return row && mineOf(row)
    },

    /** No console of theirs was seen since `before`. @returns undefined for who came back meanwhile. */
    async takeOff(staffId: string, before: Date, now: Date): Promise<MyPresence | undefined> {
      const row = await d
        .updateTable('presence')
        .set({ state: 'offline', cause: 'gone', since: now })
        .where('staff_id', '=', staffId)
        .where('state', '!=', 'offline')
        .where('seen_at', '<', before)
        .returning(['state', 'cause', 'since'])
        .executeTakeFirst()
      return row && mineOf(row)
    },

    /** As its owner is told it; offline for who was never there. */
    async of(staffId: string): Promise<MyPresence> {
      const row = await d
        .selectFrom('presence')
        .select(['state', 'cause', 'since'])
        .where('staff_id', '=', staffId)
        .executeTakeFirst()
      return row ? mineOf(row) : { state: 'offline', cause: 'chosen' }
    },

    /** Also of who never said that they are there: a supervisor takes somebody over without it. */
    async seen(staffId: string, now: Date): Promise<void> {
      await d
        .insertInto('presence')
        .values({ staff_id: staffId, state: 'offline', cause: 'chosen', since: now, seen_at: now })
        .onConflict((known) => known.column('staff_id').doUpdateSet({ seen_at: now }))
        .execute()
    },

    /** At the start of the only server: whoever is there will say so again. */
    async offlineAll(now: Date): Promise<void> {
      await d
        .updateTable('presence')
        .set({ state: 'offline', cause: 'chosen', since: now })
        .where('state', '!=', 'offline')
        .execute()
    },

    /** Staff who count as present but whose console has been silent since before `before`. */
    async gone(before: Date): Promise<string[]> {
      const rows = await d
        .selectFrom('presence')
        .select('staff_id')
        .where('state', '!=', 'offline')
        .where('seen_at', '<', before)
        .orderBy('seen_at')
        .execute()
      return rows.map(({ staff_id }) => staff_id)
    },

    /** Of these, whose console has been silent since before `before`, whatever state they had set. */
    async unseen(staffIds: readonly string[], before: Date): Promise<string[]> {
      if (staffIds.length === 0) return []
      const seen = await d
        .selectFrom('presence')
        .select('staff_id')
        .where('staff_id', 'in', staffIds)
        .where('seen_at', '>=', before)
        .execute()
      const present = new Set(seen.map(({ staff_id }) => staff_id))
      return staffIds.filter((id) => !present.has(id))
    },

    /** Agents who take conversations now; a busy one takes none. */
    async onlineCount(): Promise<number> {
      const { count } = await d
        .selectFrom('presence')
        .select((row) => row.fn.countAll<number>().as('count'))
        .where('state', '=', 'online')
        .executeTakeFirstOrThrow()
      return count
    },

    /** Who takes conversations now, or with `lately` did so until a moment ago: after it they became busy or left. */
    async there(lately?: Date): Promise<string[]> {
      const rows = await d
        .selectFrom('presence')
        .innerJoin('staff', 'staff.id', 'presence.staff_id')
        .select('staff_id')
        .where('disabled_at', 'is', null)
        .where((e) => e.or([e('state', '=', 'online'), ...(lately ? [e('since', '>=', lately)] : [])]))
        .execute()
      return rows.map(({ staff_id }) => staff_id)
    },

    /** Agents, and whoever else is at work as one. */
    async list(): Promise<Presence[]> {
      const rows = await d
        .selectFrom('presence')
        .innerJoin('staff', 'staff.id', 'presence.staff_id')
        .select(['staff_id', 'display_name', 'work_number', 'state', 'since', 'seen_at'])
        .where('disabled_at', 'is', null)
        .where((e) => e.or([e('state', '!=', 'offline'), e(sql.val('agent'), '=', e.fn.any('staff.roles'))]))
        .orderBy('work_number')
        .execute()
      return rows.map((row) => ({
        staffId: row.staff_id,
        displayName: row.display_name,
        workNumber: row.work_number,
        state: row.state,
        since: row.since,
        seenAt: row.seen_at,
      }))
    },
  }
}

type Mine = Pick<Selectable<DeskTables['presence']>, 'state' | 'cause' | 'since'>

const mineOf = ({ state, cause, since }: Mine): MyPresence => ({ state, cause, since: since.toISOString() })
