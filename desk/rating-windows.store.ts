/** Windows (窗口) whose visitors rate by a QR code. A window that was closed keeps its ratings and takes no more. */
import type { RatingWindow } from '../contract/rating.ts'
import type { RatingTables } from './rating-tables.ts'
import type { Db } from './tables.ts'

export type RatingWindowsStore = ReturnType<typeof ratingWindowsStore>

export function ratingWindowsStore(db: Db) {
  const d = db.withTables<RatingTables>()
  const windows = () => d.selectFrom('service_window').select(['id', 'code', 'name', 'made_at', 'closed_at'])

  return {
    async list(): Promise<RatingWindow[]> {
      const rows = await windows()
        .orderBy('closed_at', (order) => order.desc().nullsFirst())
        .orderBy('name')
        .execute()
      return rows.map(({ id, code, name, closed_at }) => ({ id, code, name, isOpen: closed_at === null }))
    },

    async names(ids: readonly string[]): Promise<Map<string, string>> {
      if (ids.length === 0) return new Map()
      const rows = await windows().where('id', 'in', ids).execute()
      return new Map(rows.map(({ id, name }) => [id, name]))
    },

    /** @returns undefined for a code of nobody's, or of a window that is closed. */
    async open(which: { code: string } | { id: string }): Promise<{ id: string; name: string } | undefined> {
      const found = 'code' in which ? windows().where('code', '=', which.code) : windows().where('id', '=', which.id)
      return found.where('closed_at', 'is', null).executeTakeFirst()
    },

    /** @returns undefined when another window has this name. */
    async make(name: string, staffId: string, now: Date): Promise<string | undefined> {
      const row = await d
        .insertInto('service_window')
        .values({ name, made_by: staffId, made_at: now, closed_at: null })
        .onConflict((known) => known.column('name').doNothing())
        .returning('id')
        .executeTakeFirst()
      return row?.id
    },

    /** @returns false for a window of nobody's. */
    async setOpen(id: string, isOpen: boolean, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('service_window')
        .set({ closed_at: isOpen ? null : now })
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
  }
}
