/** How long each kind of things is kept, in PostgreSQL. The floors are a constraint of the table too. */
import { retentionFloors, retentionKinds, type RetentionKind, type RetentionView } from '../contract/security.ts'
import type { Db, DeskTables } from './tables.ts'

export function retentionStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    async list(): Promise<RetentionView[]> {
      const rows = await d
        .selectFrom('retention')
        .leftJoin('staff', 'staff.id', 'retention.staff_id')
        .select(['kind', 'days', 'changed_at', 'staff.display_name as by'])
        .execute()
      return retentionKinds.flatMap((kind): RetentionView[] => {
        const row = rows.find((one) => one.kind === kind)
        if (!row) return []
        const by = row.by ?? undefined
        return [
          {
            kind,
            days: row.days,
            floor: retentionFloors[kind],
            ...(by && { by, changedAt: row.changed_at.toISOString() }),
          },
        ]
      })
    },

    async daysOf(kind: RetentionKind): Promise<number> {
      const row = await d.selectFrom('retention').select('days').where('kind', '=', kind).executeTakeFirstOrThrow()
      return row.days
    },

    /** @returns the days that held before. */
    async set(kind: RetentionKind, days: number, staffId: string, now: Date): Promise<number> {
      const before = await this.daysOf(kind)
      await d
        .updateTable('retention')
        .set({ days, changed_at: now, staff_id: staffId })
        .where('kind', '=', kind)
        .execute()
      return before
    },
  }
}
