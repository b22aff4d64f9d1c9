/** 小结标签 in PostgreSQL, in the order in which they came to be. */
import type { SummaryTag } from '../contract/tag.ts'
import type { NoteTables } from './note-tables.ts'
import type { Db } from './tables.ts'

export function tagsStore(db: Db) {
  const d = db.withTables<NoteTables>()
  return {
    async list(): Promise<SummaryTag[]> {
      const rows = await d.selectFrom('summary_tag').select(['name', 'is_used']).orderBy('place').execute()
      return rows.map(({ name, is_used }) => ({ name, isUsed: is_used }))
    },

    async set({ name, isUsed }: SummaryTag, staffId: string, now: Date): Promise<void> {
      const row = { is_used: isUsed, changed_by: staffId, changed_at: now }
      await d
        .insertInto('summary_tag')
        .values({ name, ...row })
        .onConflict((known) => known.column('name').doUpdateSet(row))
        .execute()
    },
  }
}
