/** What staff are told, in PostgreSQL: one row a person and fact. */
import type { AlertKind, AlertView } from '../contract/alert.ts'
import type { AlertTables } from './alert-tables.ts'
import type { Db } from './tables.ts'

/** `fact` names what is told: the same fact is told to nobody twice. */
export type NewAlert = { kind: AlertKind; fact: string; subject: string; text: string }
export type AlertFilter = { unseen?: boolean; limit: number; offset: number }

export function alertsStore(db: Db) {
  const d = db.withTables<AlertTables>()
  return {
    /** @returns to whom it is new. */
    async add(alert: NewAlert, staffIds: readonly string[], now: Date): Promise<string[]> {
      if (staffIds.length === 0) return []
      const rows = staffIds.map((staffId) => ({ staff_id: staffId, ...alert, at: now, seen_at: null }))
      const added = await d
        .insertInto('staff_alert')
        .values(rows)
        .onConflict((known) => known.columns(['staff_id', 'fact']).doNothing())
        .returning('staff_id')
        .execute()
      return added.map((row) => row.staff_id)
    },

    /** Of these, those who were told it. */
    async toldOf(fact: string, staffIds: readonly string[]): Promise<string[]> {
      if (staffIds.length === 0) return []
      const rows = await d
        .selectFrom('staff_alert')
        .select('staff_id')
        .where('staff_id', 'in', [...staffIds])
        .where('fact', '=', fact)
        .execute()
      return rows.map((row) => row.staff_id)
    },

    /** The place of the newest; 0 before the first. */
    async lastPlace(): Promise<number> {
      const { place } = await d
        .selectFrom('staff_alert')
        .select((e) => e.fn.coalesce(e.fn.max('place'), e.lit(0)).as('place'))
        .executeTakeFirstOrThrow()
      return Number(place)
    },

    /** Whom what was written behind that place is for. */
    async writtenSince(place: number): Promise<{ staffId: string; place: number }[]> {
      const rows = await d.selectFrom('staff_alert').select(['staff_id', 'place']).where('place', '>', place).execute()
      return rows.map((row) => ({ staffId: row.staff_id, place: Number(row.place) }))
    },

    /** What was not seen comes first, then the newest. */
    async list(
      staffId: string,
      { unseen, limit, offset }: AlertFilter,
    ): Promise<{ alerts: AlertView[]; total: number; unseen: number }> {
      const mine = d.selectFrom('staff_alert').where('staff_id', '=', staffId)
      const { all, open } = await mine
        .select((e) => [
          e.fn.countAll<number>().as('all'),
          e.fn.countAll<number>().filterWhere('seen_at', 'is', null).as('open'),
        ])
        .executeTakeFirstOrThrow()
      const rows = await mine
        .$if(unseen === true, (q) => q.where('seen_at', 'is', null))
        .select(['id', 'kind', 'subject', 'text', 'at', 'seen_at'])
        .orderBy((e) => e('seen_at', 'is not', null))
        .orderBy('at', 'desc')
        .orderBy('id')
        .limit(limit)
        .offset(offset)
        .execute()
      const alerts = rows.map(({ seen_at: seenAt, at, ...row }) => ({
        ...row,
        at: at.toISOString(),
        ...(seenAt && { seenAt: seenAt.toISOString() }),
      }))
      return { alerts, total: unseen ? open : all, unseen: open }
    },

    /** @param id of one; all of this person's when absent. @returns how many were not seen before. */
    async see(staffId: string, now: Date, id?: string): Promise<number> {
      const { numUpdatedRows } = await d
        .updateTable('staff_alert')
        .set({ seen_at: now })
        .where('staff_id', '=', staffId)
        .where('seen_at', 'is', null)
        .$if(id !== undefined, (q) => q.where('id', '=', id ?? ''))
        .executeTakeFirstOrThrow()
      return Number(numUpdatedRows)
    },

    /** @returns how many were told before then, and are gone now. */
    async forgetBefore(before: Date): Promise<number> {
      const { numDeletedRows } = await d.deleteFrom('staff_alert').where('at', '<', before).executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}
