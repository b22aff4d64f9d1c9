/** Who is at their desk. `since` tells how long in this state, `seen_at` when their console last spoke. */
import { sql } from 'kysely'
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
    async set(staffId: string, state: PresenceState, now: Date): Promise<void> {
      await d
        .insertInto('presence')
        .values({ staff_id: staffId, state, since: now, seen_at: now })
        .onConflict((known) =>
          known.column('staff_id').doUpdateSet({
            state,
            since: sql`case when presence.state = excluded.state then presence.since else excluded.since end`,
            seen_at: now,
          }),
        )
        .execute()
    },

    async seen(staffId: string, now: Date): Promise<void> {
      await d.updateTable('presence').set({ seen_at: now }).where('staff_id', '=', staffId).execute()
    },

    /** At the start of the only server: whoever is there will say so again. */
    async offlineAll(now: Date): Promise<void> {
      await d.updateTable('presence').set({ state: 'offline', since: now }).where('state', '!=', 'offline').execute()
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

    async list(): Promise<Presence[]> {
      const rows = await d
        .selectFrom('presence')
        .innerJoin('staff', 'staff.id', 'presence.staff_id')
        .select(['staff_id', 'display_name', 'work_number', 'state', 'since', 'seen_at'])
        .where('disabled_at', 'is', null)
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
